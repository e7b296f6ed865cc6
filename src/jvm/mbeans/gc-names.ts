import type { GcEvent } from "../../model/gc-event.ts";

const minor: ReadonlySet<string> = new Set(["Copy", "ParNew", "PS Scavenge", "G1 Young Generation"]);

/** What the collections of a GarbageCollectorMXBean are, as its notifications would say. */
export function gcMeaningOf(name: string): Pick<GcEvent, "action" | "kind"> {
  if (name.endsWith(" Cycles")) return { action: "end of GC cycle", kind: "concurrent" };
  if (name.endsWith(" Pauses")) return { action: "end of GC pause", kind: "pause" };
  // Remark and Cleanup, which stop the program.
  if (name === "G1 Concurrent GC") return { action: "end of concurrent GC pause", kind: "pause" };
  return { action: minor.has(name) ? "end of minor GC" : "end of major GC", kind: "pause" };
}
