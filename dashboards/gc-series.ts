import { gcDuration } from "./metric-stubs.ts";
import { countOf, fits, fitsNot, is, type Matcher, type Select, sum, sumOf } from "./promql.ts";

/** What stops the program, whichever collector does it. */
export const pause: Matcher = is("jprof.gc.kind", "pause");

export const concurrent: Matcher = is("jprof.gc.kind", "concurrent");

/** Pauses that collect the whole heap: of Serial, Parallel and G1, and of Shenandoah. */
const full: readonly Matcher[] = [pause, fits("jvm.gc.action", "end of major GC|Full GC")];

/** Asked for by a person, a tool or the program itself, or for classes: no sign that the heap is short. */
const onRequest = fitsNot(
  "jvm.gc.cause",
  "System.gc.*|Heap (Dump|Inspection) .*|Diagnostic Command|Metadata GC .*|JvmtiEnv.*",
);

/** ZGC's threads had to wait for memory. */
const stall = is("jvm.gc.cause", "Allocation Stall");

/** Full collections per `window`, by cause. */
export function fullCollections(select: Select, window: string): string {
  return sum(gcDuration, `increase(${select(countOf(gcDuration), ...full)}[${window}])`, ["jvm.gc.cause"]);
}

/** Full collections in `window` that nobody asked for. */
export function forcedFullCollections(select: Select, window: string): string {
  return sum(gcDuration, `increase(${select(countOf(gcDuration), ...full, onRequest)}[${window}])`);
}

/** Share of time that they took. */
export function forcedFullCollectionTime(select: Select, window: string): string {
  return sum(gcDuration, `rate(${select(sumOf(gcDuration), ...full, onRequest)}[${window}])`);
}

/** Collections in `window` that began because threads already waited. */
export function allocationStalls(select: Select, window: string): string {
  return sum(gcDuration, `increase(${select(countOf(gcDuration), stall)}[${window}])`);
}

/**
 * Collections in `window` that looked at old objects too. Only after one of these does the heap in use say what is alive: between them
 * Serial, Parallel, G1 and generational ZGC let old garbage pile up, which is as it should be.
 */
export function oldCollections(select: Select, window: string): string {
  const count = countOf(gcDuration);
  const byAction = select(count, fits("jvm.gc.action", "end of major GC|Full GC|end of concurrent GC pause"));
  const byName = select(count, fits("jvm.gc.name", "(ZGC|ZGC Major|Shenandoah) (Cycles|Pauses)"));
  return sum(gcDuration, `increase(${byAction}[${window}]) or increase(${byName}[${window}])`);
}
