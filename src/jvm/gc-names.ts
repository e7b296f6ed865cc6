import type { HeapKind } from "../formats/hsperfdata/heap-kind.ts";

/** What a collector's events are called by the JVM's GarbageCollectorMXBeans and their notifications. */
export interface EventName {
  readonly name: string;
  readonly action: string;
  /** Undefined: the JVM tells it with each collection. */
  readonly cause: string | undefined;
  /** What of the heap it collects. */
  readonly scope: "young" | "old" | "whole";
}

const minor = (name: string): EventName => ({ name, action: "end of minor GC", cause: undefined, scope: "young" });
const major = (name: string): EventName => ({ name, action: "end of major GC", cause: undefined, scope: "whole" });
const pause = (name: string, scope: EventName["scope"]): EventName => ({
  name,
  action: "end of GC pause",
  cause: undefined,
  scope,
});
const cycle = (name: string, scope: EventName["scope"]): EventName => ({
  name,
  action: "end of GC cycle",
  cause: undefined,
  scope,
});

/** Remark and Cleanup stop the program. JDK 17 has no bean for them; they are named as from JDK 20 on. */
const g1Concurrent: EventName = {
  name: "G1 Concurrent GC",
  action: "end of concurrent GC pause",
  cause: "No GC",
  scope: "old",
};

/** Names of the pauses that each `sun.gc.collector.N` counts. That of Shenandoah counts concurrent phases too, and so none. */
export function pauseNamesOf({ collector, generational }: HeapKind): ReadonlyMap<number, EventName> {
  switch (collector) {
    case "Serial":
      return new Map([minor("Copy"), major("MarkSweepCompact")].entries());
    case "Parallel":
      return new Map([minor("PS Scavenge"), major("PS MarkSweep")].entries());
    case "CMS":
      return new Map([minor("ParNew"), major("ConcurrentMarkSweep")].entries());
    case "G1":
      return new Map([minor("G1 Young Generation"), major("G1 Old Generation"), g1Concurrent].entries());
    case "ZGC":
      if (!generational) return new Map([[2, pause("ZGC Pauses", "whole")]]);
      return new Map([
        [0, pause("ZGC Minor Pauses", "young")],
        [2, pause("ZGC Major Pauses", "whole")],
      ]);
    case "Shenandoah":
    case "Epsilon":
      return new Map();
    default:
      return collector satisfies never;
  }
}

export const shenandoahPause: EventName = pause("Shenandoah Pauses", "whole");
export const shenandoahCycle: EventName = cycle("Shenandoah Cycles", "whole");

/** Names of ZGC's cycles; those of a heap without generations are all `ZGC Cycles`. */
export function zgcCycleName(generational: boolean, isMajor: boolean): EventName {
  if (!generational) return cycle("ZGC Cycles", "whole");
  return isMajor ? cycle("ZGC Major Cycles", "whole") : cycle("ZGC Minor Cycles", "young");
}
