import type { PerfCounters } from "../../model/target.ts";
import type { Bytes } from "../../model/units.ts";
import { type HeapKind, heapKindOf } from "./heap-kind.ts";

/** A part of the heap, as MemoryPoolMXBeans name it, and the counters that tell of it. */
export interface HeapPool {
  readonly name: string;
  /** `whole` where the collector does not tell young objects from old. */
  readonly generation: "young" | "old" | "whole";
  /** The pool's spaces, such as `0.1` for `sun.gc.generation.0.space.1`; two are the halves of the survivor space. */
  readonly spaces: readonly string[];
  readonly hasLimit: boolean;
  /** Whether the counter of its size at the start agrees with the MXBean. */
  readonly hasInit: boolean;
}

/** One pool's values. */
export interface PoolUse {
  readonly usedBytes: Bytes;
  readonly committedBytes: Bytes;
  readonly limitBytes: Bytes | undefined;
  readonly initBytes: Bytes | undefined;
}

const generational = (eden: string, survivor: string, old: string): readonly HeapPool[] => [
  { name: eden, generation: "young", spaces: ["0.0"], hasLimit: true, hasInit: false },
  { name: survivor, generation: "young", spaces: ["0.1", "0.2"], hasLimit: true, hasInit: false },
  { name: old, generation: "old", spaces: ["1.0"], hasLimit: true, hasInit: true },
];

const whole = (name: string): readonly HeapPool[] => [
  { name, generation: "whole", spaces: ["1.0"], hasLimit: true, hasInit: true },
];

const zgcGenerations: readonly HeapPool[] = [
  { name: "ZGC Young Generation", generation: "young", spaces: ["0.0"], hasLimit: true, hasInit: false },
  { name: "ZGC Old Generation", generation: "old", spaces: ["1.0"], hasLimit: true, hasInit: false },
];

const byCollector: Readonly<Record<HeapKind["collector"], readonly HeapPool[]>> = {
  Serial: generational("Eden Space", "Survivor Space", "Tenured Gen"),
  Parallel: generational("PS Eden Space", "PS Survivor Space", "PS Old Gen"),
  CMS: generational("Par Eden Space", "Par Survivor Space", "CMS Old Gen"),
  G1: [
    { name: "G1 Eden Space", generation: "young", spaces: ["0.0"], hasLimit: false, hasInit: true },
    { name: "G1 Survivor Space", generation: "young", spaces: ["0.2"], hasLimit: false, hasInit: true },
    { name: "G1 Old Gen", generation: "old", spaces: ["1.0"], hasLimit: true, hasInit: true },
  ],
  ZGC: whole("ZHeap"),
  Shenandoah: whole("Shenandoah"),
  Epsilon: whole("Epsilon Heap"),
};

/** The pools of a heap that the counters tell of. Those of generational Shenandoah are in no counter: only the heap as a whole is. */
export function heapPoolsOf({ collector, generational }: HeapKind): readonly HeapPool[] {
  if (!generational) return byCollector[collector];
  return collector === "ZGC" ? zgcGenerations : [];
}

/** What is in use of each space moves between collections, not only with them: so it can be told at any time. */
export function isUseLive({ collector }: HeapKind, counters: PerfCounters): boolean {
  if (collector === "ZGC") return false;
  // Before JDK 25, a thread of the JVM sampled the spaces of these every 50 ms, and wrote its clock.
  if (collector === "Serial" || collector === "Parallel") return counters.number("sun.os.hrt.ticks") !== undefined;
  return true;
}

/** Undefined when a counter is missing. */
export function poolUseOf(pool: HeapPool, counters: PerfCounters): PoolUse | undefined {
  const usedBytes = sumOf(pool.spaces.map((space) => spaceBytes(counters, space, "used")));
  // The halves of the survivor space are used in turn, and count once.
  const committedBytes = spaceBytes(counters, pool.spaces[0]!, "capacity");
  if (usedBytes === undefined || committedBytes === undefined) return undefined;
  const initBytes = pool.hasInit ? spaceBytes(counters, pool.spaces[0]!, "initCapacity") : undefined;
  return {
    usedBytes,
    committedBytes,
    limitBytes: pool.hasLimit ? spaceBytes(counters, pool.spaces[0]!, "maxCapacity") : undefined,
    initBytes,
  };
}

/** The heap as a whole, its limit counted once. */
export function heapUseOf(counters: PerfCounters): Omit<PoolUse, "initBytes"> | undefined {
  const kind = heapKindOf(counters);
  if (kind === undefined) return undefined;
  const pools = heapPoolsOf(kind);
  const parts = (pools.length > 0 ? pools : whole("heap")).map((pool) => poolUseOf(pool, counters));
  const usedBytes = sumOf(parts.map((part) => part?.usedBytes));
  const committedBytes = sumOf(parts.map((part) => part?.committedBytes));
  if (usedBytes === undefined || committedBytes === undefined) return undefined;
  return { usedBytes, committedBytes, limitBytes: heapLimitOf(kind, counters) };
}

/** Young and old have one maximum, the whole heap, except where they lie apart: there one survivor space is left out, as MXBeans do. */
function heapLimitOf({ collector }: HeapKind, counters: PerfCounters): Bytes | undefined {
  const old = counters.number("sun.gc.generation.1.maxCapacity");
  if (old === undefined) return undefined;
  if (collector !== "Serial" && collector !== "Parallel" && collector !== "CMS") return withoutPadding(old);
  const young = counters.number("sun.gc.generation.0.maxCapacity");
  const survivor = spaceBytes(counters, "0.1", "capacity");
  return young === undefined || survivor === undefined ? undefined : old + young - survivor;
}

function spaceBytes(counters: PerfCounters, space: string, what: string): Bytes | undefined {
  const [generation, index] = space.split(".");
  const value = counters.number(`sun.gc.generation.${generation}.space.${index}.${what}`);
  return value === undefined || what === "used" ? value : withoutPadding(value);
}

/** G1 of JDK 17 adds a few words to sizes that could be zero; real sizes are multiples of a page. */
function withoutPadding(bytes: Bytes): Bytes {
  return bytes - (bytes % 1024);
}

function sumOf(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}
