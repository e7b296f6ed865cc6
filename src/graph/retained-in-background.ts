import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { startWorker, workerModule } from "../threads/start-worker.ts";
import { type Grouping, retainedOfGroupings } from "./class-retained.ts";

/** What the worker is started with; everything large is shared memory. */
export interface RetainedTask {
  readonly graph: HeapGraph;
  readonly dominators: DominatorTree;
  readonly groupings: readonly Grouping[];
  /** The groupings' results, one behind the other. */
  readonly results: Float64Array<SharedArrayBuffer>;
  /** 1 as soon as the results are there. */
  readonly state: Int32Array<SharedArrayBuffer>;
}

/** After this a worker that has not answered is taken for dead, and its work is done by the caller. */
const patienceMillis = 120_000;

/**
 * `retainedOfGroupings` on another thread. The returned function gives the results, the first time blocking until they are there,
 * so that a synchronous caller can do something else meanwhile.
 */
export function retainedInBackground(
  graph: HeapGraph,
  dominators: DominatorTree,
  groupings: readonly Grouping[],
): () => Float64Array[] {
  const total = groupings.reduce((sum, { groupCount }) => sum + groupCount, 0);
  const results = new Float64Array(new SharedArrayBuffer(total * 8));
  const state = new Int32Array(new SharedArrayBuffer(4));
  const task: RetainedTask = { graph, dominators, groupings, results, state };
  const worker = startWorker(workerModule(import.meta.url, "retained"), task);
  let known: Float64Array[] | undefined;
  return () => {
    if (known !== undefined) return known;
    const isLate = Atomics.wait(state, 0, 0, patienceMillis) === "timed-out";
    known = isLate ? retainedOfGroupings(graph, dominators, groupings) : split(results, groupings);
    worker.stop();
    return known;
  };
}

function split(results: Float64Array, groupings: readonly Grouping[]): Float64Array[] {
  let at = 0;
  return groupings.map(({ groupCount }) => {
    at += groupCount;
    return results.slice(at - groupCount, at);
  });
}
