import { expect, test } from "vitest";
import { gcMeaningOf } from "../../../src/jvm/mbeans/gc-names.ts";

test.each([
  ["Copy", "end of minor GC", "pause"],
  ["MarkSweepCompact", "end of major GC", "pause"],
  ["PS Scavenge", "end of minor GC", "pause"],
  ["PS MarkSweep", "end of major GC", "pause"],
  ["G1 Young Generation", "end of minor GC", "pause"],
  ["G1 Old Generation", "end of major GC", "pause"],
  ["G1 Concurrent GC", "end of concurrent GC pause", "pause"],
  ["ZGC Minor Cycles", "end of GC cycle", "concurrent"],
  ["ZGC Pauses", "end of GC pause", "pause"],
  ["Shenandoah Pauses", "end of GC pause", "pause"],
  ["Shenandoah Cycles", "end of GC cycle", "concurrent"],
])("%s: %s, a %s", (name, action, kind) => {
  expect(gcMeaningOf(name)).toEqual({ action, kind });
});
