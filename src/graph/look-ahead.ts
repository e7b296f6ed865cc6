import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { isFar } from "./is-far.ts";

/** References of a big array that are looked at together, a power of 2. */
export const blockLength = 64;

const maxFront = 8 * blockLength;
const maxDepth = 4;
/** References of one object that are followed: more are an array's, which has blocks of its own. */
const maxFanOut = 4;

/**
 * Reads what a depth-first search is about to need of the objects below one block of an array, level by level, so that their cache misses
 * overlap instead of following one another. Changes nothing; on a heap whose references lead anywhere it makes the search twice as fast.
 */
export class LookAhead {
  readonly #graph: HeapGraph;
  readonly #peeled: Uint8Array;
  readonly #numberOf: Int32Array;
  #front = new Int32Array(maxFront);
  #nextFront = new Int32Array(maxFront);
  readonly #edges = new Int32Array(maxFront);
  /** Keeps the reads from being optimised away. */
  touched = 0;

  constructor(graph: HeapGraph, peeled: Uint8Array, numberOf: Int32Array) {
    this.#graph = graph;
    this.#peeled = peeled;
    this.#numberOf = numberOf;
  }

  /** `start` is the first edge of a block, maybe not of its object. */
  touchBlock(start: number): void {
    let count = this.#startFront(start);
    for (let depth = 0; depth < maxDepth && count > 0; depth++) {
      count = this.#touchEdges(this.#keepUnvisited(count));
      [this.#front, this.#nextFront] = [this.#nextFront, this.#front];
    }
  }

  /** Number of references in the block up to the object's last one; 0 if they lie close together anyway. */
  #startFront(start: number): number {
    const { edgeTo } = this.#graph;
    const front = this.#front;
    let count = 0;
    let far = 0;
    let previous = 0;
    let entry = 0;
    do {
      entry = edgeTo[start + count]!;
      const target = entry & edgeTargetMask;
      if (isFar(target, previous)) far++;
      previous = target;
      front[count++] = target;
    } while (entry >= 0 && count < blockLength);
    return 2 * far > count ? count : 0;
  }

  /** Leaves the first edges of what the search will enter in `#edges`. */
  #keepUnvisited(count: number): number {
    const front = this.#front;
    const peeled = this.#peeled;
    const numberOf = this.#numberOf;
    const edges = this.#edges;
    const { firstEdge } = this.#graph;
    let core = 0;
    for (let i = 0; i < count; i++) {
      const target = front[i]!;
      front[core] = target;
      core += ~(peeled[target >>> 3]! >>> (target & 7)) & 1;
    }
    for (let i = 0; i < core; i++) {
      const target = front[i]!;
      edges[i] = numberOf[target] === 0 ? firstEdge[target]! : 0;
    }
    return core;
  }

  #touchEdges(count: number): number {
    const edges = this.#edges;
    const next = this.#nextFront;
    const { edgeTo } = this.#graph;
    let touched = 0;
    for (let i = 0; i < count; i++) touched |= edgeTo[edges[i]!]!;
    this.touched |= touched;
    let nextCount = 0;
    for (let i = 0; i < count && nextCount <= maxFront - maxFanOut; i++) {
      let edge = edges[i]!;
      if (edge === 0) continue;
      const end = edge + maxFanOut;
      let entry = 0;
      do {
        entry = edgeTo[edge++]!;
        next[nextCount++] = entry & edgeTargetMask;
      } while (entry >= 0 && edge < end);
    }
    return nextCount;
  }
}
