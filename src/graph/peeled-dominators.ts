import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { type CoreDominators, nearestCommonDominator } from "./core-dominators.ts";
import { rootNumber } from "./depth-first.ts";
import type { Peeling } from "./peeling.ts";

/** In `heldBy`: dominated by the super-root alone. */
export const heldByRoot = -1;

/**
 * Finds the dominators of the peeled objects by forward sweeps over their referrers, without reverse references.
 * `heldBy` has the numbers of core objects, which stay; peeled ones get the ordinal of their dominator or `heldByRoot`; 0 means unreachable.
 */
export function findPeeledDominators(graph: HeapGraph, peeling: Peeling, core: CoreDominators, heldBy: Int32Array): void {
  const { peeled } = peeling;
  const { roots } = graph;
  for (let i = 0; i < roots.length; i++) {
    const root = roots[i]!;
    if ((peeled[root >>> 3]! & (1 << (root & 7))) !== 0) heldBy[root] = heldByRoot;
  }
  sweepCore(graph, peeled, core, heldBy);
  sweepPeeled(graph, peeling, core, heldBy);
}

/** What core objects hold. */
function sweepCore(graph: HeapGraph, peeled: Uint8Array, core: CoreDominators, heldBy: Int32Array): void {
  const { objectCount, firstEdge, edgeTo } = graph;
  const batch = createBatch();
  const hold = (): void => {
    keepPeeled(batch, peeled);
    holdBatch(batch, core, heldBy, peeled);
  };
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if ((peeled[ordinal >>> 3]! & (1 << (ordinal & 7))) === 0 && heldBy[ordinal] !== 0) gatherEdges(batch, edgeTo, firstEdge[ordinal]!, ordinal, hold);
  }
  hold();
}

/** What peeled objects hold: leaves. Their own holders, in the core or the super-root, are final by now. */
function sweepPeeled(graph: HeapGraph, { leaves, peeled }: Peeling, core: CoreDominators, heldBy: Int32Array): void {
  const { objectCount, firstEdge, edgeTo } = graph;
  const batch = createBatch();
  const hold = (): void => holdBatch(batch, core, heldBy, peeled);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const isHolder = (peeled[ordinal >>> 3]! & ~leaves[ordinal >>> 3]! & (1 << (ordinal & 7))) !== 0;
    if (isHolder && heldBy[ordinal] !== 0) gatherEdges(batch, edgeTo, firstEdge[ordinal]!, ordinal, hold);
  }
  hold();
}

/**
 * References to look at, some thousand together. Loops that do one thing each keep many cache misses in flight, which is three times as fast
 * when references lead anywhere.
 */
interface Batch {
  count: number;
  readonly holders: Int32Array;
  readonly targets: Int32Array;
  /** What was known of the targets before the batch: read for the sake of reading, which brings them into the cache. */
  readonly knowns: Int32Array;
}

const batchLength = 4096;

function createBatch(): Batch {
  return { count: 0, holders: new Int32Array(batchLength), targets: new Int32Array(batchLength), knowns: new Int32Array(batchLength) };
}

function gatherEdges(batch: Batch, edgeTo: Int32Array, firstEdge: number, holder: number, flush: () => void): void {
  const { holders, targets } = batch;
  let edge = firstEdge;
  let entry = 0;
  do {
    entry = edgeTo[edge++]!;
    holders[batch.count] = holder;
    targets[batch.count++] = entry & edgeTargetMask;
    if (batch.count === batchLength) flush();
  } while (entry >= 0);
}

function keepPeeled(batch: Batch, peeled: Uint8Array): void {
  const { holders, targets } = batch;
  let kept = 0;
  for (let i = 0; i < batch.count; i++) {
    const target = targets[i]!;
    holders[kept] = holders[i]!;
    targets[kept] = target;
    kept += (peeled[target >>> 3]! >>> (target & 7)) & 1;
  }
  batch.count = kept;
}

function holdBatch(batch: Batch, core: CoreDominators, heldBy: Int32Array, peeled: Uint8Array): void {
  const { count, holders, targets, knowns } = batch;
  for (let i = 0; i < count; i++) knowns[i] = heldBy[targets[i]!]!;
  for (let i = 0; i < count; i++) {
    const target = targets[i]!;
    const holder = holders[i]!;
    const known = heldBy[target]!;
    if (known === 0) heldBy[target] = holder;
    else if (known !== holder && known !== heldByRoot) {
      heldBy[target] = commonHolder(core, heldBy, coreHolderOf(known, heldBy, peeled), coreHolderOf(holder, heldBy, peeled));
    }
  }
  batch.count = 0;
}

/** A core object itself, or what holds a peeled one. */
function coreHolderOf(ordinal: number, heldBy: Int32Array, peeled: Uint8Array): number {
  return (peeled[ordinal >>> 3]! & (1 << (ordinal & 7))) === 0 ? ordinal : heldBy[ordinal]!;
}

/** The nearest object that dominates two core objects, either of which may be `heldByRoot`. */
function commonHolder(core: CoreDominators, heldBy: Int32Array, first: number, second: number): number {
  if (first === second) return first;
  if (first === heldByRoot || second === heldByRoot) return heldByRoot;
  const number = nearestCommonDominator(core, heldBy[first]!, heldBy[second]!);
  return number === rootNumber ? heldByRoot : core.ordinalOf[number]!;
}
