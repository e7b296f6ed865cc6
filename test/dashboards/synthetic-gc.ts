/** The collectors, as far as their series differ. */
export const collectorKinds = ["Serial", "Parallel", "G1", "ZGC", "ZGC generational", "Shenandoah"] as const;
export type CollectorKind = (typeof collectorKinds)[number];

/** Collections that are alike. */
export interface GcSeries {
  readonly name: string;
  readonly action: string;
  readonly cause: string;
  readonly kind: "pause" | "concurrent";
  /** How many there were after so many seconds. */
  count(seconds: number): number;
  /** How long each takes, about. */
  readonly seconds: number;
}

/** By name, and the largest size where they have one of their own. */
export interface HeapPool {
  readonly name: string;
  readonly limitShare: number | undefined;
  readonly usedShare: number;
}

const every = (period: number) => (seconds: number) => Math.floor(Math.max(0, seconds) / period);

/** What a healthy JVM does: names, actions and causes as HotSpot's own beans give them. */
export const gcOf: Readonly<Record<CollectorKind, readonly GcSeries[]>> = {
  Serial: [
    pause("Copy", "end of minor GC", "Allocation Failure", { every: 20, seconds: 0.03 }),
    pause("MarkSweepCompact", "end of major GC", "Allocation Failure", { every: 5 * 3600, seconds: 1.8 }),
    pause("MarkSweepCompact", "end of major GC", "Metadata GC Threshold", { every: 1e9, seconds: 0.2 }),
  ],
  Parallel: [
    pause("PS Scavenge", "end of minor GC", "Allocation Failure", { every: 15, seconds: 0.02 }),
    pause("PS MarkSweep", "end of major GC", "Ergonomics", { every: 5 * 3600, seconds: 2.5 }),
    pause("PS MarkSweep", "end of major GC", "System.gc()", { every: 3600, seconds: 2.1 }),
  ],
  G1: [
    pause("G1 Young Generation", "end of minor GC", "G1 Evacuation Pause", { every: 12, seconds: 0.04 }),
    pause("G1 Young Generation", "end of minor GC", "G1 Humongous Allocation", { every: 900, seconds: 0.03 }),
    pause("G1 Concurrent GC", "end of concurrent GC pause", "No GC", { every: 600, seconds: 0.012 }),
  ],
  ZGC: [
    pause("ZGC Pauses", "end of GC pause", "Allocation Rate", { every: 4, seconds: 0.0002 }),
    concurrent("ZGC Cycles", "end of GC cycle", "Allocation Rate", { every: 12, seconds: 1.5 }),
    concurrent("ZGC Cycles", "end of GC cycle", "Allocation Stall", { every: 20_000, seconds: 2 }),
  ],
  "ZGC generational": [
    pause("ZGC Minor Pauses", "end of GC pause", "Allocation Rate", { every: 2, seconds: 0.0001 }),
    pause("ZGC Major Pauses", "end of GC pause", "Proactive", { every: 100, seconds: 0.0002 }),
    concurrent("ZGC Minor Cycles", "end of GC cycle", "Allocation Rate", { every: 6, seconds: 0.4 }),
    concurrent("ZGC Major Cycles", "end of GC cycle", "Proactive", { every: 300, seconds: 3 }),
  ],
  Shenandoah: [
    pause("Shenandoah Pauses", "end of GC pause", "Concurrent GC", { every: 5, seconds: 0.0006 }),
    pause("Shenandoah Pauses", "end of GC pause", "Allocation Failure", { every: 7200, seconds: 0.06 }),
    concurrent("Shenandoah Cycles", "end of GC cycle", "Concurrent GC", { every: 20, seconds: 0.8 }),
  ],
};

/** Both pools of generational ZGC may grow to the whole heap; those of G1's young generation have no limit. */
export const poolsOf: Readonly<Record<CollectorKind, readonly HeapPool[]>> = {
  Serial: [pool("Eden Space", 0.27, 0.15), pool("Survivor Space", 0.03, 0.01), pool("Tenured Gen", 0.67, 0.4)],
  Parallel: [pool("PS Eden Space", 0.3, 0.2), pool("PS Survivor Space", 0.03, 0.01), pool("PS Old Gen", 0.67, 0.4)],
  G1: [pool("G1 Eden Space", undefined, 0.2), pool("G1 Survivor Space", undefined, 0.02), pool("G1 Old Gen", 1, 0.4)],
  ZGC: [pool("ZHeap", 1, 0.5)],
  "ZGC generational": [pool("ZGC Young Generation", 1, 0.2), pool("ZGC Old Generation", 1, 0.4)],
  Shenandoah: [pool("Shenandoah", 1, 0.5)],
};

/**
 * The share of the heap that is in use after the last collection. In Serial and Parallel it climbs until the old generation is full at
 * last, hours later; in the others it swings with each old or mixed collection.
 */
export const liveShareOf: Readonly<Record<CollectorKind, (seconds: number) => number>> = {
  Serial: sawtooth(0.25, 0.93, 5 * 3600),
  Parallel: sawtooth(0.25, 0.93, 5 * 3600),
  G1: sawtooth(0.3, 0.72, 1500),
  ZGC: sawtooth(0.35, 0.5, 700),
  "ZGC generational": sawtooth(0.3, 0.6, 300),
  Shenandoah: sawtooth(0.35, 0.55, 700),
};

/** From the bottom to the top, and at once down again. */
export function sawtooth(bottom: number, top: number, period: number): (seconds: number) => number {
  return (seconds) => bottom + ((top - bottom) * (((seconds % period) + period) % period)) / period;
}

interface Rhythm {
  readonly every: number;
  readonly seconds: number;
}

function pause(name: string, action: string, cause: string, rhythm: Rhythm): GcSeries {
  return { name, action, cause, kind: "pause", count: every(rhythm.every), seconds: rhythm.seconds };
}

function concurrent(name: string, action: string, cause: string, rhythm: Rhythm): GcSeries {
  return { name, action, cause, kind: "concurrent", count: every(rhythm.every), seconds: rhythm.seconds };
}

function pool(name: string, limitShare: number | undefined, usedShare: number): HeapPool {
  return { name, limitShare, usedShare };
}
