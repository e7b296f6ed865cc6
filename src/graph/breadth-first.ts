import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "./ordinal-set.ts";

/**
 * Searches from the roots until all targets are found: roots in ascending order, then the references of each object in their order.
 * The result holds, by ordinal, 1 + the referrer by which an object was met first: 1 for roots (met from the super-root), 0 for what was not met.
 * Takes 4 bytes per object and the widest front of the search.
 */
export function searchBreadthFirst(graph: HeapGraph, targets: ArrayLike<number>, avoid: OrdinalSet | undefined): Int32Array<ArrayBuffer> {
  const { objectCount, firstEdge, edgeTo, roots } = graph;
  const referrerOf = new Int32Array(objectCount + 1);
  const wanted = createOrdinalSet(objectCount);
  let wantedCount = markWanted(wanted, targets, objectCount, avoid);
  const queue = new OrdinalQueue();
  for (let i = 0; i < roots.length && wantedCount > 0; i++) {
    const root = roots[i]!;
    if (avoid && hasOrdinal(avoid, root)) continue;
    referrerOf[root] = 1;
    if (hasOrdinal(wanted, root)) wantedCount--;
    if (firstEdge[root] !== 0) queue.push(root);
  }
  while (wantedCount > 0 && queue.length > 0) {
    const holder = queue.shift();
    let edge = firstEdge[holder]!;
    let entry = 0;
    do {
      entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      if (referrerOf[target] !== 0 || (avoid && hasOrdinal(avoid, target))) continue;
      referrerOf[target] = holder + 1;
      if (hasOrdinal(wanted, target)) wantedCount--;
      if (firstEdge[target] !== 0) queue.push(target);
    } while (entry >= 0);
  }
  return referrerOf;
}

/** Puts each target once into `wanted` and counts them; those that cannot be found would only keep the search going. */
function markWanted(wanted: OrdinalSet, targets: ArrayLike<number>, objectCount: number, avoid: OrdinalSet | undefined): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!;
    if (target < 1 || target > objectCount || hasOrdinal(wanted, target)) continue;
    if (avoid && hasOrdinal(avoid, target)) continue;
    addOrdinal(wanted, target);
    count++;
  }
  return count;
}

const chunkLength = 1 << 16;

/** First in, first out, in chunks that are used again: as much memory as its longest state needs, not as much as passes through. */
class OrdinalQueue {
  length = 0;
  readonly #chunks: Int32Array[] = [];
  readonly #spare: Int32Array[] = [];
  #head: Int32Array = new Int32Array(chunkLength);
  #tail: Int32Array = this.#head;
  #headIndex = 0;
  #tailIndex = 0;

  push(ordinal: number): void {
    if (this.#tailIndex === chunkLength) {
      this.#tail = this.#spare.pop() ?? new Int32Array(chunkLength);
      this.#chunks.push(this.#tail);
      this.#tailIndex = 0;
    }
    this.#tail[this.#tailIndex++] = ordinal;
    this.length++;
  }

  /** Only while `length` is above 0. */
  shift(): number {
    if (this.#headIndex === chunkLength) {
      this.#spare.push(this.#head);
      this.#head = this.#chunks.shift()!;
      this.#headIndex = 0;
    }
    this.length--;
    return this.#head[this.#headIndex++]!;
  }
}
