import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";
import { Additions, type Units } from "./additions.ts";
import type { CoreDominators } from "./core-dominators.ts";
import { rootNumber } from "./depth-first.ts";
import { freeBuffer } from "./free-buffer.ts";
import { isFar } from "./is-far.ts";
import { heldByRoot } from "./peeled-holders.ts";
import type { Peeling } from "./peeling.ts";

const isLarge = 0xffff;
const maxUint32 = 0xffffffff;

/**
 * Sums sizes up the dominator tree and turns `heldBy` (see `findPeeledDominators`) into dominators by ordinal. Takes over the arrays of `core`.
 * Peeled objects hand their sizes on by ordinal, which lie close together; the core follows in its own order.
 */
export function sumRetainedSizes(
  graph: HeapGraph,
  peeling: Peeling,
  core: CoreDominators,
  heldBy: Int32Array,
): DominatorTree {
  const { objectCount } = graph;
  freeBuffer(core.jumpOf);
  freeBuffer(core.depthOf);
  const retainedUnits =
    totalUnits(graph) <= maxUint32
      ? new Uint32Array(new SharedArrayBuffer(4 * (objectCount + 1)))
      : new Float64Array(new SharedArrayBuffer(8 * (objectCount + 1)));
  addShallowSizes(graph, peeling.leaves, heldBy, retainedUnits);
  addPeeled(objectCount, peeling, heldBy, retainedUnits);
  addUpCore(core, heldBy, retainedUnits);
  freeBuffer(core.ordinalOf);
  freeBuffer(core.dominatorOf);
  return { dominatorOf: heldBy, retainedUnits };
}

/** The whole heap, in units of 8 bytes. */
function totalUnits({ objectCount, shallowUnits, largeObjects }: HeapGraph): number {
  let total = 0;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const units = shallowUnits[ordinal]!;
    if (units !== isLarge) total += units;
  }
  for (let i = 0; i < largeObjects.bytes.length; i++) total += largeObjects.bytes[i]! / 8;
  return total;
}

/** Each reachable object's own size; leaves are done with it, and so add it to their dominator. */
function addShallowSizes(graph: HeapGraph, leaves: Uint8Array, heldBy: Int32Array, retainedUnits: Units): void {
  const { objectCount, shallowUnits, largeObjects } = graph;
  const additions = new Additions(retainedUnits);
  let large = 0;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    let units = shallowUnits[ordinal]!;
    if (units === isLarge) units = largeObjects.bytes[large++]! / 8;
    const holder = heldBy[ordinal]!;
    if (holder !== 0) retainedUnits[ordinal]! += units;
    if ((leaves[ordinal >>> 3]! & (1 << (ordinal & 7))) === 0) continue;
    if (holder <= 0) heldBy[ordinal] = settleTop(retainedUnits, holder, units);
    else if (isFar(ordinal, holder)) additions.add(holder, units);
    else retainedUnits[holder]! += units;
  }
  additions.flush();
}

/** What peeled objects other than leaves retain is known now; core objects that were not numbered are unreachable. */
function addPeeled(objectCount: number, { leaves, peeled }: Peeling, heldBy: Int32Array, retainedUnits: Units): void {
  const additions = new Additions(retainedUnits);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    const bit = 1 << (ordinal & 7);
    if ((leaves[ordinal >>> 3]! & bit) !== 0) continue;
    const holder = heldBy[ordinal]!;
    if (holder <= 0) heldBy[ordinal] = settleTop(retainedUnits, holder, retainedUnits[ordinal]!);
    else if ((peeled[ordinal >>> 3]! & bit) !== 0) {
      if (isFar(ordinal, holder)) additions.add(holder, retainedUnits[ordinal]!);
      else retainedUnits[holder]! += retainedUnits[ordinal]!;
    }
  }
  additions.flush();
}

/** The dominator of an object that no object dominates: 0, or −1 if it is unreachable. */
function settleTop(retainedUnits: Units, holder: number, units: number): number {
  if (holder !== heldByRoot) return -1;
  retainedUnits[0]! += units;
  return 0;
}

/** A dominator's number is less than what it dominates, so one backward pass sums every subtree. */
function addUpCore({ count, ordinalOf, dominatorOf }: CoreDominators, heldBy: Int32Array, retainedUnits: Units): void {
  for (let number = count; number > rootNumber; number--) {
    const ordinal = ordinalOf[number]!;
    const dominator = ordinalOf[dominatorOf[number]!]!;
    retainedUnits[dominator]! += retainedUnits[ordinal]!;
    heldBy[ordinal] = dominator;
  }
}
