import type { GcHeapUse } from "../formats/jcmd/gc-heap-history.ts";
import type { HeapInfo } from "../formats/jcmd/heap-info.ts";
import { heapPoolsIn } from "../formats/jcmd/heap-pools.ts";
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

/** What is in use by pool, the old generation last; where pools do not show, of the whole heap. */
function poolsOf(heap: HeapInfo): readonly { readonly name: string; readonly usedBytes: number }[] {
  const pools = heapPoolsIn(heap);
  if (pools.length > 0 || heap.usedBytes === undefined) return pools;
  return [{ name: wholeHeap, usedBytes: heap.usedBytes }];
}
