import { heapAnalyzers } from "../../analyzers/of-heaps.ts";
import type { ByteSource } from "../bytes/byte-source.ts";
import { compressionOf } from "../formats/compressed/compression.ts";
import { openContent, openForward, openStdin } from "../formats/compressed/open-content.ts";
import { nameFillers } from "../formats/hprof/fillers.ts";
import { readStreamHistogram } from "../formats/hprof/index-stream.ts";
import { type HeapColumns, readHeap, readHistogram } from "../formats/hprof/read-heap.ts";
import { retainedOfGroupings } from "../graph/class-retained.ts";
import { buildDominators } from "../graph/dominators.ts";
import { measureReachability } from "../graph/reachability.ts";
import { retainedInBackground } from "../graph/retained-in-background.ts";
import type { DominatorTree } from "../model/dominator-tree.ts";
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
    return {
      evidence: { histogram },
      analyzers: heapAnalyzers,
      summary: scanSummaryOf(input.name, histogram),
      close: () => undefined,
    };
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
  const classRetained = retainedOfClasses(columns, dominators, options.threads);
  progress("summing up", 0, 0);
  const heap: HeapEvidence = {
    ...columns,
    census: nameFillers(columns, dominators),
    dominators,
    reachability: measureReachability(columns.graph, columns.classes.length, dominators),
    get classRetained() {
      return classRetained();
    },
  };
  return {
    evidence: { heap },
    analyzers: heapAnalyzers,
    summary: heapSummaryOf(input.name, heap),
    close: () => source.close(),
  };
}

/** Smaller heaps are summed up sooner than a worker starts. */
const smallestParallelHeap = 2_000_000;

/** By class and by loader in one traversal of the dominator tree, meanwhile when there is a thread for it. */
function retainedOfClasses(
  { graph, classes }: HeapColumns,
  dominators: DominatorTree,
  threads: number,
): () => ClassRetained {
  const loaders = [...new Set(classes.map(({ loader }) => loader))];
  const groupOfLoader = new Map(loaders.map((loader, group) => [loader, group]));
  const groupings = [
    { groupOfClass: Int32Array.from(classes, ({ index }) => index), groupCount: classes.length },
    {
      groupOfClass: Int32Array.from(classes, ({ loader }) => groupOfLoader.get(loader) ?? -1),
      groupCount: loaders.length,
    },
  ];
  const isParallel = threads > 1 && graph.objectCount >= smallestParallelHeap;
  const retained = isParallel
    ? retainedInBackground(graph, dominators, groupings)
    : () => retainedOfGroupings(graph, dominators, groupings);
  let known: ClassRetained | undefined;
  return () => {
    if (known !== undefined) return known;
    const [byClass = new Float64Array(classes.length), byLoader] = retained();
    known = {
      bytesOfClass: byClass,
      bytesOfLoader: new Map(loaders.map((loader, group) => [loader, byLoader?.[group] ?? 0])),
    };
    return known;
  };
}
