import type { HeapEvidence, HistogramEvidence } from "../model/heap-evidence.ts";
import { strengths } from "../model/heap-graph.ts";
import type { HeapSummary } from "../model/report.ts";
import type { Bytes } from "../model/units.ts";

/** The figures of a whole analysis. */
export function heapSummaryOf(input: string, heap: HeapEvidence): HeapSummary {
  const { objects, shallowBytes } = heap.reachability;
  const unreachable = strengths.length;
  return {
    ...scanSummaryOf(input, heap),
    reachableObjects: objects.subarray(0, unreachable).reduce(sum, 0),
    reachableBytes: shallowBytes.subarray(0, unreachable).reduce(sum, 0),
    unreachableBytes: (shallowBytes[unreachable] ?? 0) - fillerBytesOf(heap),
  };
}

/** Nothing reaches a filler, and nothing counts it: what is reachable and what is not add up to `shallowBytes`. */
function fillerBytesOf({ classes, census }: HeapEvidence): Bytes {
  const fillers = classes.filter(({ filler }) => filler);
  return fillers.map(({ index }) => census.shallowBytes[index] ?? 0).reduce(sum, 0);
}

/** The figures that one scan gives. */
export function scanSummaryOf(input: string, { file, sizing, classes, census }: HistogramEvidence): HeapSummary {
  const counted = classes.filter(({ filler }) => !filler);
  return {
    kind: "heap",
    input,
    objects: counted.map(({ index }) => census.instances[index] ?? 0).reduce(sum, 0),
    shallowBytes: counted.map(({ index }) => census.shallowBytes[index] ?? 0).reduce(sum, 0),
    classes: counted.length,
    idBytes: file.idBytes,
    lostBytes: file.losses.map(({ bytes }) => bytes).reduce(sum, 0),
    format: file.format,
    takenAtMillis: file.takenAtMillis,
    dump: file.dump,
    dumps: file.dumps,
    sizing,
  };
}

function sum(total: number, value: number): number {
  return total + value;
}
