import type { HeapKind } from "../formats/hsperfdata/heap-kind.ts";
import type { GcActivity } from "../model/gc-event.ts";
import type { CounterWindow } from "./counter-window.ts";

/** Collections since the previous look. */
export interface Collections {
  /** Of the young generation, or of the whole heap, with or without stopping the program for all of it. */
  readonly count: number;
  readonly cause: string;
}

/**
 * Adds up what a program allocates. G1 counts the regions of its eden as it takes them; of Serial and Parallel, a JVM before 25 samples eden,
 * and a later one tells nothing between collections, but a collection for want of room means that eden was full. Of the others only ZGC tells
 * something: how much its threads took as buffers since the last cycle.
 */
export class AllocationWatch {
  readonly #window: CounterWindow;
  readonly #way: "eden" | "eden-at-gc" | "buffers" | "heap" | undefined;
  readonly #usedPlace: number;
  readonly #capacityPlace: number;
  readonly #oldPlace: number;
  readonly #buffersPlace: number;
  #allocated = 0;
  #used = 0;
  #capacity = 0;
  #old = 0;

  constructor(window: CounterWindow, { collector }: HeapKind, isLive: boolean) {
    this.#window = window;
    this.#way = wayOf(collector, isLive);
    const space = this.#way === "heap" ? "1.space.0" : "0.space.0";
    this.#usedPlace = window.placeOf(`sun.gc.generation.${space}.used`);
    this.#capacityPlace = window.placeOf(`sun.gc.generation.${space}.capacity`);
    // Big arrays of G1 go to the old generation at once.
    this.#oldPlace = collector === "G1" ? window.placeOf("sun.gc.generation.1.space.0.used") : -1;
    this.#buffersPlace = window.placeOf("sun.gc.tlab.alloc");
    this.#remember();
  }

  get allocatedBytes(): number | undefined {
    return this.#way === undefined ? undefined : this.#allocated;
  }

  get quality(): GcActivity["allocationQuality"] {
    if (this.#way === undefined) return undefined;
    return this.#way === "eden" || this.#way === "heap" ? "exact" : "per-gc";
  }

  /** Nothing was collected since the previous look. */
  look(): void {
    if (this.#way !== "eden" && this.#way !== "heap") return;
    this.#allocated += Math.max(0, this.#window.number(this.#usedPlace) - this.#used);
    this.#allocated += Math.max(0, this.#window.number(this.#oldPlace) - this.#old);
    this.#remember();
  }

  /** Collections ended since the previous look, and none is under way. */
  collected({ count, cause }: Collections): void {
    const way = this.#way;
    if (count === 0) {
      this.look();
      return;
    }
    if (way === "eden" || way === "eden-at-gc") this.#allocated += this.#filledEdens(count, cause);
    if (way === "eden") this.#allocated += this.#window.number(this.#usedPlace);
    this.#remember();
  }

  /** Cycles of a concurrent collector began since the previous look. */
  cyclesBegan(count: number): void {
    if (this.#way === "buffers") this.#allocated += count * this.#bufferBytes();
  }

  /** What came into eden since the previous look, until the last collection emptied it. */
  #filledEdens(count: number, cause: string): number {
    if (cause === "Allocation Failure") return count * this.#capacity - this.#used;
    const buffers = this.#bufferBytes();
    const first = count > 1 ? this.#capacity : Math.min(this.#capacity, Math.max(this.#used, buffers));
    return Math.max(0, first - this.#used) + (count - 1) * buffers;
  }

  /** The counter says bytes, and counts words of eight. It is of the time between the last two collections. */
  #bufferBytes(): number {
    return this.#window.number(this.#buffersPlace) * 8;
  }

  #remember(): void {
    this.#used = this.#window.number(this.#usedPlace);
    this.#capacity = this.#window.number(this.#capacityPlace);
    this.#old = this.#window.number(this.#oldPlace);
  }
}

function wayOf(
  collector: HeapKind["collector"],
  isLive: boolean,
): "eden" | "eden-at-gc" | "buffers" | "heap" | undefined {
  if (collector === "G1") return "eden";
  if (collector === "Serial" || collector === "Parallel") return isLive ? "eden" : "eden-at-gc";
  if (collector === "ZGC") return "buffers";
  return collector === "Epsilon" ? "heap" : undefined;
}
