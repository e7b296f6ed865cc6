import type { ByteSource } from "../bytes/byte-source.ts";
import { compressionOf } from "../formats/compressed/compression.ts";
import { openContent, openForward, openStdin } from "../formats/compressed/open-content.ts";
import { nameFillers } from "../formats/hprof/fillers.ts";
import { readStreamHistogram } from "../formats/hprof/index-stream.ts";
import { type HeapColumns, readHeap, readHistogram } from "../formats/hprof/read-heap.ts";
import { retainedOfGroupings } from "../graph/class-retained.ts";
import { buildDominators } from "../graph/dominators.ts";
import { measureReachability } from "../graph/reachability.ts";
import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapClass } from "../model/heap-classes.ts";
import type { ClassRetained, HeapEvidence } from "../model/heap-evidence.ts";
import { heapSummaryOf, scanSummaryOf } from "./heap-summary.ts";
import type { Input } from "./input.ts";
import type { InputEvidence, ReadOptions } from "./pipelines.ts";

/** A heap dump as evidence: one scan when only the histogram is wanted, the whole graph otherwise. */
export function readHeapEvidence(input: Input, options: ReadOptions): Promise<InputEvidence> {
  return options.histogramOnly ? histogramOf(input, options) : heapOf(input, options);
}

/** Stdin and compressed files are read forward once, others on all threads. */
async function histogramOf(input: Input, options: ReadOptions): Promise<InputEvidence> {
  const isForward = input.isStdin || compressionOf(input.rawHead) !== undefined;
  const source = isForward
    ? openForward(input.name, input.rawHead, input.isStdin ? undefined : input.name)
    : openContent(input.name);
  try {
    const histogram = isForward ? readStreamHistogram(source, options) : await readHistogram(source, options);
    return { evidence: { histogram }, summary: scanSummaryOf(input.name, histogram), close: () => undefined };
  } finally {
    source.close();
  }
}

function openWhole(input: Input, { progress }: ReadOptions): ByteSource {
  if (input.isStdin) return openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0));
  return openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
}

async function heapOf(input: Input, options: ReadOptions): Promise<InputEvidence> {
  const { progress } = options;
  const source = openWhole(input, options);
  const columns = await readHeap(source, options);
  progress("finding dominators", 0, 0);
  const dominators = buildDominators(columns.graph);
  const census = nameFillers(columns, dominators);
  progress("summing up", 0, 0);
  const heap: HeapEvidence = {
    ...columns,
    census,
    dominators,
    reachability: measureReachability(columns.graph, columns.classes.length, dominators),
    classRetained: retainedOfClasses(columns, dominators),
  };
  return { evidence: { heap }, summary: heapSummaryOf(input.name, heap), close: () => source.close() };
}

/** By class and by loader in one traversal of the dominator tree. */
function retainedOfClasses({ graph, classes }: HeapColumns, dominators: DominatorTree): ClassRetained {
  const loaders = [...new Set(classes.map(({ loader }) => loader))];
  const groupOfLoader = new Map(loaders.map((loader, group) => [loader, group]));
  const [byClass, byLoader] = retainedOfGroupings(graph, dominators, [
    { groupOfClass: Int32Array.from(classes, ({ index }) => index), groupCount: classes.length },
    { groupOfClass: Int32Array.from(classes, (type) => loaderGroup(type, groupOfLoader)), groupCount: loaders.length },
  ]);
  return {
    bytesOfClass: byClass ?? new Float64Array(classes.length),
    bytesOfLoader: new Map(loaders.map((loader, group) => [loader, byLoader?.[group] ?? 0])),
  };
}

function loaderGroup({ loader }: HeapClass, groupOfLoader: ReadonlyMap<number, number>): number {
  return groupOfLoader.get(loader) ?? -1;
}
