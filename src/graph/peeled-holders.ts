import { edgeTargetMask, type HeapGraph } from "../model/heap-graph.ts";
import { type CoreDominators, nearestCommonDominator } from "./core-dominators.ts";
import { rootNumber } from "./depth-first.ts";
import { isFar } from "./is-far.ts";

/** In `heldBy`: dominated by the super-root alone. */
export const heldByRoot = -1;

const batchLength = 4096;

/**
 * Narrows `heldBy` of peeled objects down to their dominators, referrer by referrer and in any order. References to far objects are looked at
 * some thousand together: loops that do one thing each keep many cache misses in flight, which is three times as fast.
 */
export class PeeledHolders {
  readonly #graph: HeapGraph;
  readonly #peeled: Uint8Array;
  readonly #core: CoreDominators;
  readonly #heldBy: Int32Array;
  #count = 0;
  readonly #holders = new Int32Array(batchLength);
  readonly #targets = new Int32Array(batchLength);
  /** What was known of the targets before: read for the sake of reading, which brings it into the cache. */
  readonly #known = new Int32Array(batchLength);

  constructor(graph: HeapGraph, peeled: Uint8Array, core: CoreDominators, heldBy: Int32Array) {
    this.#graph = graph;
    this.#peeled = peeled;
    this.#core = core;
    this.#heldBy = heldBy;
  }

  addReferencesOf(holder: number): void {
    const { firstEdge, edgeTo } = this.#graph;
    const peeled = this.#peeled;
    let edge = firstEdge[holder]!;
    let entry = 0;
    do {
      entry = edgeTo[edge++]!;
      const target = entry & edgeTargetMask;
      if (isFar(holder, target)) this.#addLater(holder, target);
      else if ((peeled[target >>> 3]! & (1 << (target & 7))) !== 0) this.#add(holder, target);
    } while (entry >= 0);
  }

  /** Adds the references that were put off. */
  flush(): void {
    const targets = this.#targets;
    const holders = this.#holders;
    const heldBy = this.#heldBy;
    const known = this.#known;
    const count = this.#keepPeeled();
    for (let i = 0; i < count; i++) known[i] = heldBy[targets[i]!]!;
    for (let i = 0; i < count; i++) this.#add(holders[i]!, targets[i]!);
    this.#count = 0;
  }

  #addLater(holder: number, target: number): void {
    this.#holders[this.#count] = holder;
    this.#targets[this.#count++] = target;
    if (this.#count === batchLength) this.flush();
  }

  #keepPeeled(): number {
    const peeled = this.#peeled;
    const holders = this.#holders;
    const targets = this.#targets;
    const count = this.#count;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const target = targets[i]!;
      holders[kept] = holders[i]!;
      targets[kept] = target;
      kept += (peeled[target >>> 3]! >>> (target & 7)) & 1;
    }
    return kept;
  }

  /** What dominates the target dominates this referrer and those before. */
  #add(holder: number, target: number): void {
    const heldBy = this.#heldBy;
    const known = heldBy[target]!;
    if (known === 0) heldBy[target] = holder;
    else if (known !== holder && known !== heldByRoot) {
      heldBy[target] = this.#commonHolder(this.#coreHolderOf(known), this.#coreHolderOf(holder));
    }
  }

  /** A core object itself, or what holds a peeled one. */
  #coreHolderOf(ordinal: number): number {
    const isCore = (this.#peeled[ordinal >>> 3]! & (1 << (ordinal & 7))) === 0;
    return isCore ? ordinal : this.#heldBy[ordinal]!;
  }

  /** The nearest object that dominates two core objects, either of which may be `heldByRoot`. */
  #commonHolder(first: number, second: number): number {
    if (first === second) return first;
    if (first === heldByRoot || second === heldByRoot) return heldByRoot;
    const number = nearestCommonDominator(this.#core, this.#heldBy[first]!, this.#heldBy[second]!);
    return number === rootNumber ? heldByRoot : this.#core.ordinalOf[number]!;
  }
}
