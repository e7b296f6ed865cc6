import { gcDuration } from "./metrics.ts";
import { countOf, fits, fitsNot, is, isNot, type Matcher, type Select, sum, sumOf } from "./promql.ts";

/** What stops the program, whichever collector does it. */
export const pause: Matcher = is("jprof.gc.kind", "pause");

export const concurrent: Matcher = is("jprof.gc.kind", "concurrent");

/** Pauses in which the whole heap is collected since nothing else helps: Serial, Parallel and G1 tell them by the action, Shenandoah by the cause. */
const lastResort: readonly (readonly Matcher[])[] = [
  [pause, is("jvm.gc.action", "end of major GC")],
  [pause, is("jvm.gc.name", "Shenandoah Pauses"), fits("jvm.gc.cause", "Allocation Failure|Upgrade To Full GC")],
];

/** Asked for by a person, a tool or the program itself, or for classes: no sign that the heap is short. */
const notOnRequest = fitsNot(
  "jvm.gc.cause",
  "System.gc.*|Heap (Dump|Inspection) .*|Diagnostic Command|Metadata GC .*|JvmtiEnv.*",
);

/** Collections of the last resort in `window`, by cause. */
export function fullCollections(select: Select, window: string): string {
  const each = lastResort.map((matchers) => `increase(${select(countOf(gcDuration), ...matchers)}[${window}])`);
  return sum(gcDuration, each.join(" or "), ["jvm.gc.cause"]);
}

/** Those that nobody asked for. */
export function forcedFullCollections(select: Select, window: string): string {
  const each = lastResort.map((matchers) => select(countOf(gcDuration), ...matchers, notOnRequest));
  return sum(gcDuration, each.map((selector) => `increase(${selector}[${window}])`).join(" or "));
}

/** Share of time that these took. */
export function forcedFullCollectionTime(select: Select, window: string): string {
  const each = lastResort.map((matchers) => select(sumOf(gcDuration), ...matchers, notOnRequest));
  return sum(gcDuration, each.map((selector) => `rate(${selector}[${window}])`).join(" or "));
}

/** Collections in `window` that ZGC began because threads already waited. */
export function allocationStalls(select: Select, window: string): string {
  return sum(gcDuration, `increase(${select(countOf(gcDuration), is("jvm.gc.cause", "Allocation Stall"))}[${window}])`);
}

/**
 * Collections in `window` that looked at old objects too. Only after one of these does the heap in use say what is alive: between them
 * Serial, Parallel, G1 and generational ZGC let old garbage pile up, which is as it should be.
 */
export function oldCollections(select: Select, window: string): string {
  const notYoung = [isNot("jvm.gc.action", "end of minor GC"), fitsNot("jvm.gc.name", ".*Minor.*")];
  return sum(gcDuration, `increase(${select(countOf(gcDuration), ...notYoung)}[${window}])`);
}
