import { type HeapKind, heapKindOf } from "../src/formats/hsperfdata/heap-kind.ts";
import { heapPoolsOf, heapUseOf, isUseLive, poolUseOf } from "../src/formats/hsperfdata/memory-pools.ts";
import type { HeapInfo } from "../src/formats/jcmd/heap-info.ts";
import { heapPoolsIn } from "../src/formats/jcmd/heap-pools.ts";
import type { Answer } from "../src/model/answer.ts";
import type { PerfCounters } from "../src/model/target.ts";
import type { MemoryReading, Origin, PoolReadings } from "./memory-reading.ts";

/** The heap by every tier that told of it: as a whole, and by pool. */
export interface HeapReadings {
  readonly heap: readonly MemoryReading[];
  readonly pools: readonly PoolReadings[];
}

/** Whether counters are not enough to tell what is in use now. */
export function needsHeapInfo(counters: Answer<PerfCounters>): boolean {
  const kind = counters.ok ? heapKindOf(counters.value) : undefined;
  return !counters.ok || kind === undefined || !isUseLive(kind, counters.value);
}

/**
 * By counters, where they say what is in use now; else that by `GC.heap_info`, and else by counters with the time at which they were true:
 * that of the last collection.
 */
export function heapReadings(counters: Answer<PerfCounters>, info: Answer<HeapInfo>): HeapReadings {
  const kind = counters.ok ? heapKindOf(counters.value) : undefined;
  if (!counters.ok || kind === undefined) return readingsOfInfo(info);
  const ofInfo = readingsOfInfo(info);
  const use = heapUseOf(counters.value);
  return {
    heap: inOrder(use, ofInfo.heap, kind, counters),
    pools: heapPoolsOf(kind).map((pool) => {
      const told = ofInfo.pools.find(({ name }) => name === pool.name)?.readings ?? [];
      const readings = inOrder(poolUseOf(pool, counters.value), told, kind, counters);
      return { name: pool.name, type: "heap" as const, readings };
    }),
  };
}

type Counters = Extract<Answer<PerfCounters>, { ok: true }>;
type Use = Omit<MemoryReading, "origin">;

/** Counters tell sizes as they are now; what is in use, only where they are written between collections, and else as a last resort. */
function inOrder(
  use: Use | undefined,
  told: readonly MemoryReading[],
  kind: HeapKind,
  counters: Counters,
): readonly MemoryReading[] {
  if (use === undefined) return told;
  const origin = { source: counters.source, takenAtMillis: counters.takenAtMillis };
  if (isUseLive(kind, counters.value)) return [{ ...use, origin }, ...told];
  const { usedBytes, ...sizes } = use;
  const stale = { ...origin, takenAtMillis: lastCollectionMillis(counters) };
  return [{ ...sizes, origin }, ...told, { usedBytes, origin: stale }];
}

/** When the last pause for a collection ended, or the JVM began. */
function lastCollectionMillis({ value, takenAtMillis }: Counters): number {
  const exits = [0, 1, 2].map((index) => value.seconds(`sun.gc.collector.${index}.lastExitTime`) ?? 0);
  const begunMillis = value.number("sun.rt.createVmBeginTime") ?? takenAtMillis;
  return Math.min(takenAtMillis, begunMillis + Math.max(...exits) * 1000);
}

function readingsOfInfo(info: Answer<HeapInfo>): HeapReadings {
  if (!info.ok || info.value.usedBytes === undefined) return { heap: [], pools: [] };
  const origin: Origin = { source: info.source, takenAtMillis: info.takenAtMillis };
  const { usedBytes, committedBytes, reservedBytes } = info.value;
  return {
    heap: [{ usedBytes, committedBytes, limitBytes: reservedBytes, origin }],
    pools: heapPoolsIn(info.value).map(({ name, ...use }) => ({ name, type: "heap", readings: [{ ...use, origin }] })),
  };
}
