import { byProperty, numberIn, textIn } from "../src/formats/jolokia/values.ts";
import type { Answer } from "../src/model/answer.ts";
import type { MBeanRead, Target } from "../src/model/target.ts";
import { readMBeans } from "./mbean-read.ts";

/** Bytes of a pool, or of the whole heap. */
export interface MemoryUsage {
  readonly used: number;
  readonly committed: number;
  /** Undefined: no limit of its own. */
  readonly limit: number | undefined;
  readonly init: number | undefined;
}

export interface MemoryPool extends MemoryUsage {
  /** As its MXBean is called: `G1 Old Gen`. */
  readonly name: string;
  readonly type: "heap" | "non_heap";
  /** Undefined for a pool that is not collected. */
  readonly usedAfterLastGc: number | undefined;
}

export interface Memory {
  readonly heap: MemoryUsage;
  readonly pools: readonly MemoryPool[];
}

const reads: readonly MBeanRead[] = [
  { mbean: "java.lang:type=Memory", attributes: ["HeapMemoryUsage"] },
  { mbean: "java.lang:type=MemoryPool,name=*", attributes: ["Type", "Usage", "CollectionUsage"] },
];
const allocation: MBeanRead = { mbean: "java.lang:type=Threading", attributes: ["TotalThreadAllocatedBytes"] };

/** The heap and every pool, as the JVM's own MBeans have them. */
export function memoryByMBeans(target: Target, signal: AbortSignal): Promise<Answer<Memory>> {
  return readMBeans(target, reads, memoryOf, signal);
}

/** Bytes that all threads allocated since the JVM began, exact, from JDK 21 and late updates of 17 on. */
export function allocatedBytesByMBeans(target: Target, signal: AbortSignal): Promise<Answer<number>> {
  return readMBeans(target, [allocation], ([value]) => positive(numberIn(value, "TotalThreadAllocatedBytes")), signal);
}

function memoryOf([memory, found]: readonly unknown[]): Memory | undefined {
  const heap = usageOf(memory, "HeapMemoryUsage");
  const pools = byProperty(found, "name").flatMap(([name, pool]) => poolOf(name, pool) ?? []);
  return heap === undefined || pools.length === 0 ? undefined : { heap, pools };
}

function poolOf(name: string, pool: unknown): MemoryPool | undefined {
  const usage = usageOf(pool, "Usage");
  if (usage === undefined) return undefined;
  const type = textIn(pool, "Type") === "HEAP" ? "heap" : "non_heap";
  return { ...usage, name, type, usedAfterLastGc: numberIn(pool, "CollectionUsage", "used") };
}

/** -1 stands for what the JVM does not know. */
function usageOf(value: unknown, attribute: string): MemoryUsage | undefined {
  const used = numberIn(value, attribute, "used");
  const committed = numberIn(value, attribute, "committed");
  if (used === undefined || committed === undefined) return undefined;
  return {
    used,
    committed,
    limit: positive(numberIn(value, attribute, "max")),
    init: positive(numberIn(value, attribute, "init")),
  };
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}
