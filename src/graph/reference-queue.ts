import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { OrdinalQueue } from "./ordinal-queue.ts";
import type { OrdinalSet } from "./ordinal-set.ts";

const batchLength = 4096;
const maxHolders = 1024;

/**
 * The references of queued objects, first in, first out, in the order of each object's references; in batches, because loops that do one thing
 * each keep many cache misses in flight. Of the current batch, reference i leads from `holders[i]` to `targets[i]`.
 */
export class ReferenceQueue {
  count = 0;
  readonly holders = new Int32Array(batchLength);
  readonly targets = new Int32Array(batchLength);
  readonly #graph: HeapGraph;
  readonly #objects = new OrdinalQueue();
  /** Objects that were taken from the queue, and the edge of each to go on with. */
  readonly #taken = new Int32Array(maxHolders);
  readonly #edges = new Int32Array(maxHolders);
  #takenCount = 0;
  #takenIndex = 0;
  readonly #read = new Int32Array(batchLength);

  constructor(graph: HeapGraph) {
    this.#graph = graph;
  }

  /** Only objects that have references. */
  push(ordinal: number): void {
    this.#objects.push(ordinal);
  }

  /** Makes the next batch; false when there are no references left. References to leaves that are not `wanted` are left out. */
  next(wanted: OrdinalSet): boolean {
    if (this.#takenIndex === this.#takenCount) this.#take();
    if (this.#takenCount === 0) return false;
    this.#gather();
    this.#leaveOutLeaves(wanted);
    return true;
  }

  /** Brings the entries of the targets into the cache. */
  touch(column: Int32Array): void {
    const { targets, count } = this;
    const read = this.#read;
    for (let i = 0; i < count; i++) read[i] = column[targets[i]!]!;
  }

  #take(): void {
    const { firstEdge, edgeTo } = this.#graph;
    const taken = this.#taken;
    const edges = this.#edges;
    const count = Math.min(maxHolders, this.#objects.length);
    for (let i = 0; i < count; i++) taken[i] = this.#objects.shift();
    for (let i = 0; i < count; i++) edges[i] = firstEdge[taken[i]!]!;
    for (let i = 0; i < count; i++) this.#read[i] = edgeTo[edges[i]!]!;
    this.#takenCount = count;
    this.#takenIndex = 0;
  }

  #gather(): void {
    const { edgeTo } = this.#graph;
    const { holders, targets } = this;
    let count = 0;
    while (this.#takenIndex < this.#takenCount && count < batchLength) {
      const holder = this.#taken[this.#takenIndex]!;
      let edge = this.#edges[this.#takenIndex]!;
      let entry = 0;
      do {
        entry = edgeTo[edge++]!;
        holders[count] = holder;
        targets[count++] = entry & edgeTargetMask;
      } while (entry >= 0 && count < batchLength);
      this.#edges[this.#takenIndex] = edge;
      if (entry < 0) this.#takenIndex++;
    }
    this.count = count;
  }

  #leaveOutLeaves(wanted: OrdinalSet): void {
    const { firstEdge } = this.#graph;
    const { holders, targets } = this;
    this.touch(firstEdge);
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const target = targets[i]!;
      holders[kept] = holders[i]!;
      targets[kept] = target;
      if (this.#read[i] !== 0 || (wanted[target >>> 3]! & (1 << (target & 7))) !== 0) kept++;
    }
    this.count = kept;
  }
}
