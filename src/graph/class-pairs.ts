import type { DominatorTree } from "../model/dominator-tree.ts";
import type { HeapGraph } from "../model/heap-graph.ts";

/**
 * Reachable objects summed by (class of the immediate dominator, own class); the super-root's class is `classCount`.
 * Most questions about groups of classes are answered by these few pairs instead of by millions of objects.
 */
export interface ClassPairs {
  readonly classCount: number;
  readonly count: number;
  /** `classes[2i]` the dominator's, `classes[2i + 1]` the object's. */
  readonly classes: Int32Array;
  readonly retainedUnits: Float64Array;
}

export function sumClassPairs(graph: HeapGraph, dominators: DominatorTree, classCount: number): ClassPairs {
  const { classOf, objectCount } = graph;
  const { dominatorOf, retainedUnits } = dominators;
  const above = new Int32Array(batchLength);
  const table = new PairTable();
  for (let start = 1; start <= objectCount; start += batchLength) {
    const end = Math.min(start + batchLength, objectCount + 1);
    readClassesAbove(graph, dominators, start, above);
    for (let ordinal = start; ordinal < end; ordinal++) {
      const dominator = dominatorOf[ordinal]!;
      if (dominator < 0) continue;
      const slot = table.slotOf(dominator === 0 ? classCount : above[ordinal - start]!, classOf[ordinal]!);
      table.sums[slot]! += retainedUnits[ordinal]!;
    }
  }
  return {
    classCount,
    count: table.count,
    classes: table.keys.subarray(0, 2 * table.count),
    retainedUnits: table.sums.subarray(0, table.count),
  };
}

/** Objects whose dominators' classes are read together: a loop of its own keeps many cache misses in flight. */
export const batchLength = 4096;

/** Classes of the dominators of the objects from `start` on; means nothing where there is no dominator. */
export function readClassesAbove(
  { classOf, objectCount }: HeapGraph,
  { dominatorOf }: DominatorTree,
  start: number,
  above: Int32Array,
): void {
  const count = Math.min(batchLength, objectCount + 1 - start);
  for (let i = 0; i < count; i++) above[i] = classOf[Math.max(0, dominatorOf[start + i]!)]!;
}

const cacheBits = 12;

/** Pairs in order of appearance, found by open addressing; a small direct-mapped cache in front answers nearly always. */
class PairTable {
  count = 0;
  keys = new Int32Array(2 * 1024);
  sums = new Float64Array(1024);
  #slots = new Int32Array(4 * 1024);
  readonly #cached = new Int32Array(1 << cacheBits);

  slotOf(first: number, second: number): number {
    const hash = hashOf(first, second);
    const cacheIndex = hash >>> (32 - cacheBits);
    const cached = this.#cached[cacheIndex]!;
    if (cached < this.count && this.keys[2 * cached] === first && this.keys[2 * cached + 1] === second) return cached;
    const slot = this.#find(first, second, hash);
    this.#cached[cacheIndex] = slot;
    return slot;
  }

  #find(first: number, second: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let probe = firstProbe(hash) & mask; ; probe = (probe + 1) & mask) {
      const slot = this.#slots[probe]! - 1;
      if (slot < 0) return this.#insert(first, second);
      if (this.keys[2 * slot] === first && this.keys[2 * slot + 1] === second) return slot;
    }
  }

  #insert(first: number, second: number): number {
    if (this.count === this.sums.length) this.#grow();
    this.keys[2 * this.count] = first;
    this.keys[2 * this.count + 1] = second;
    this.#place(this.count);
    return this.count++;
  }

  #grow(): void {
    const { keys, sums } = this;
    this.keys = new Int32Array(2 * keys.length);
    this.keys.set(keys);
    this.sums = new Float64Array(2 * sums.length);
    this.sums.set(sums);
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let slot = 0; slot < this.count; slot++) this.#place(slot);
  }

  #place(slot: number): void {
    const mask = this.#slots.length - 1;
    let probe = firstProbe(hashOf(this.keys[2 * slot]!, this.keys[2 * slot + 1]!)) & mask;
    while (this.#slots[probe] !== 0) probe = (probe + 1) & mask;
    this.#slots[probe] = slot + 1;
  }
}

function hashOf(first: number, second: number): number {
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
}

/** The cache uses the high bits of the hash, the table the low ones. */
function firstProbe(hash: number): number {
  return hash ^ (hash >>> 15);
}
