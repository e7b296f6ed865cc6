import type { HeapKind } from "../formats/hsperfdata/heap-kind.ts";
import { type HeapPool, heapPoolsOf } from "../formats/hsperfdata/memory-pools.ts";
import type { CounterWindow } from "./counter-window.ts";

/** Where only the heap as a whole is known, it stands in place of a pool. */
export const wholeHeap = "heap";

/** How many collections of each scope ended since the previous look. */
export interface CollectedScopes {
  young: number;
  old: number;
  whole: number;
}

/** Notes what collections left in each pool, and how much of the young they moved to the old generation. */
export class HeapWatch {
  readonly #window: CounterWindow;
  readonly #kind: HeapKind;
  readonly #pools: readonly { readonly pool: HeapPool; readonly usedPlaces: readonly number[] }[];
  readonly #oldPlace: number;
  readonly #usedAfterGc = new Map<string, number>();
  #isOldCollected = false;
  #old = 0;
  #promoted = 0;

  constructor(window: CounterWindow, kind: HeapKind) {
    this.#window = window;
    this.#kind = kind;
    this.#pools = countedPoolsOf(kind).map((pool) => ({
      pool,
      usedPlaces: pool.spaces.map((space) => window.placeOf(spaceCounter(space, "used"))),
    }));
    this.#oldPlace = window.placeOf(spaceCounter("1.0", "used"));
    this.#old = window.number(this.#oldPlace);
  }

  /** By pool: after its own last collection, or that of any other pool as long as it has had none itself. */
  get usedAfterGc(): ReadonlyMap<string, number> {
    return this.#usedAfterGc;
  }

  get promotedBytes(): number | undefined {
    return this.#pools.length < 2 ? undefined : this.#promoted;
  }

  /** Nothing was collected since the previous look. */
  look(): void {
    this.#old = this.#window.number(this.#oldPlace);
  }

  /** Collections ended since the previous look, and none is under way. */
  collected({ young, old, whole }: CollectedScopes): void {
    const oldUsed = this.#window.number(this.#oldPlace);
    const grown = oldUsed - this.#old;
    this.#old = oldUsed;
    if (young > 0 && whole === 0) this.#promoted += Math.max(0, grown);
    // A young collection of G1 that leaves less in old regions has collected some of those, too.
    const isMixed = this.#kind.collector === "G1" && young > 0 && grown < 0;
    const isOldCollected = old > 0 || whole > 0 || isMixed;
    this.#isOldCollected ||= isOldCollected;
    for (const { pool, usedPlaces } of this.#pools) {
      const isCollected = pool.generation === "old" ? isOldCollected || !this.#isOldCollected : young > 0 || whole > 0;
      if (isCollected) this.#usedAfterGc.set(pool.name, this.#usedAfter(pool, usedPlaces, whole > 0));
    }
  }

  /** Eden is empty after a collection, except where a full one found no room for what it held; since then it has been filled again. */
  #usedAfter(pool: HeapPool, usedPlaces: readonly number[], isFull: boolean): number {
    const isEden = pool.spaces[0] === "0.0";
    if (isEden && (!isFull || this.#kind.collector === "G1")) return 0;
    return usedPlaces.reduce((sum, place) => sum + this.#window.number(place), 0);
  }
}

/** ZGC writes what is in use only when it stops the program, which is before a cycle frees anything. */
function countedPoolsOf(kind: HeapKind): readonly HeapPool[] {
  if (kind.collector === "ZGC") return [];
  const pools = heapPoolsOf(kind);
  return pools.length > 0 ? pools : [{ ...heapPoolsOf({ ...kind, generational: false })[0]!, name: wholeHeap }];
}

/** Name of a counter of a space such as `0.1`. */
function spaceCounter(space: string, what: "used" | "capacity"): string {
  const [generation, index] = space.split(".");
  return `sun.gc.generation.${generation}.space.${index}.${what}`;
}
