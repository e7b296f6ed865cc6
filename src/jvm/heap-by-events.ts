import type { GcHeapUse } from "../formats/jcmd/gc-heap-history.ts";
import type { HeapArea, HeapInfo } from "../formats/jcmd/heap-info.ts";
import type { GcActivity } from "../model/gc-event.ts";
import { wholeHeap } from "./heap-watch.ts";

type Totals = Pick<GcActivity, "allocatedBytes" | "allocationQuality" | "promotedBytes" | "usedAfterGc">;

/** Adds up what was allocated and promoted by the heap before and after each collection, and notes what was left. */
export class HeapByEvents {
  readonly #usedAfterGc = new Map<string, number>();
  #last: GcHeapUse | undefined;
  #allocated = 0;
  #promoted = 0;
  #canTellAllocation = false;
  #isOldCollected = false;

  /** Takes what was told so far as the beginning. */
  forget(): void {
    this.#allocated = 0;
    this.#promoted = 0;
  }

  /** Collections are missing before the next use. */
  noteGap(): void {
    this.#last = undefined;
  }

  before(use: GcHeapUse): void {
    // From the end of a collection to the beginning of the next one, what is in use grows by what is allocated.
    if (this.#last?.when === "after" && this.#canTellAllocation) {
      this.#allocated += Math.max(0, (use.heap.usedBytes ?? 0) - (this.#last.heap.usedBytes ?? 0));
    }
    this.#last = use;
  }

  after(use: GcHeapUse, isOldCollected: boolean): void {
    const { heap } = use;
    // A concurrent cycle frees and the program allocates meanwhile, so that before and after tell neither.
    this.#canTellAllocation = heap.collector !== "ZGC" && heap.collector !== undefined;
    const pools = poolsOf(heap);
    const before = this.#last?.when === "before" ? this.#last : undefined;
    const old = pools.at(-1)?.usedBytes ?? 0;
    const grown = before === undefined ? 0 : old - (poolsOf(before.heap).at(-1)?.usedBytes ?? old);
    if (!isOldCollected) this.#promoted += Math.max(0, grown);
    const isAll = isOldCollected || grown < 0 || pools.length < 2;
    this.#isOldCollected ||= isAll;
    for (const [index, { name, usedBytes }] of pools.entries()) {
      if (isAll || !this.#isOldCollected || index < pools.length - 1) this.#usedAfterGc.set(name, usedBytes);
    }
    this.#last = use;
  }

  totals(): Totals {
    const canTell = this.#canTellAllocation;
    return {
      allocatedBytes: canTell ? this.#allocated : undefined,
      allocationQuality: canTell ? "per-gc" : undefined,
      promotedBytes: canTell ? this.#promoted : undefined,
      usedAfterGc: new Map(this.#usedAfterGc),
    };
  }
}

interface PoolBytes {
  readonly name: string;
  readonly usedBytes: number;
}

const poolNames: Readonly<Record<string, readonly [eden: string, survivor: string, old: string]>> = {
  Serial: ["Eden Space", "Survivor Space", "Tenured Gen"],
  Parallel: ["PS Eden Space", "PS Survivor Space", "PS Old Gen"],
  G1: ["G1 Eden Space", "G1 Survivor Space", "G1 Old Gen"],
};

/** What is in use by pool, the old generation last; where pools do not show, of the whole heap. */
export function poolsOf(heap: HeapInfo): readonly PoolBytes[] {
  const [eden, survivor, old] = poolNames[heap.collector ?? ""] ?? [];
  if (eden === undefined || survivor === undefined || old === undefined) {
    return heap.usedBytes === undefined ? [] : [{ name: wholeHeap, usedBytes: heap.usedBytes }];
  }
  if (heap.collector === "G1") return g1Pools(heap, [eden, survivor, old]);
  const [young, tenured] = heap.areas;
  const named = (name: string) => spaceBytes(young, name);
  return [
    { name: eden, usedBytes: named("eden") },
    { name: survivor, usedBytes: named("from") + named("to") },
    { name: old, usedBytes: tenured?.usedBytes ?? 0 },
  ];
}

/** G1 prints the heap as a whole, and how many of its regions are young and, of these, survivors. */
function g1Pools(heap: HeapInfo, [eden, survivor, old]: readonly [string, string, string]): readonly PoolBytes[] {
  const { regionBytes = 0, youngRegions = 0, survivorRegions = 0, usedBytes = 0 } = heap;
  return [
    { name: eden, usedBytes: (youngRegions - survivorRegions) * regionBytes },
    { name: survivor, usedBytes: survivorRegions * regionBytes },
    { name: old, usedBytes: Math.max(0, usedBytes - youngRegions * regionBytes) },
  ];
}

function spaceBytes(area: HeapArea | undefined, name: string): number {
  return area?.spaces.find((space) => space.name === name)?.usedBytes ?? 0;
}
