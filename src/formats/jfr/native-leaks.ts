import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import { type EventTest, fieldOf, threadFieldOf } from "./event-filter.ts";
import type { EventSink, EventType } from "./events.ts";
import type { ChunkParts } from "./profile-builder.ts";
import { rowsByTime } from "./row-order.ts";
import type { SampleColumns } from "./sample-columns.ts";

/** Allocations beyond this many at once are not followed. */
const maxLive = 2_000_000;
/** An allocator that is not seen to free anything is recorded without its frees (`nofree`). */
const maxWithoutFree = 500_000;

/** What native memory was allocated and not freed: `profiler.Malloc` without a `profiler.Free` of the same address. */
export class NativeLeaks {
  /** Allocation by the address that holds it. */
  readonly #liveAt = new Map<number, number>();
  readonly #seconds = new Float64Column();
  readonly #address = new Float64Column();
  /** −1 of a free. */
  readonly #bytes = new Float64Column();
  readonly #stack = new Int32Column();
  readonly #thread = new Int32Column();
  /** Rows before this one are live allocations of earlier chunks. */
  #firstOfChunk = 0;
  frees = 0;
  isIncomplete = false;

  /** Takes the allocations or frees of a chunk. */
  sinkOf(type: EventType, parts: ChunkParts, test: EventTest | undefined): EventSink | undefined {
    const isFree = type.name === "profiler.Free";
    const address = fieldOf(type, "address")?.slot;
    const size = fieldOf(type, "size")?.slot;
    const start = fieldOf(type, "startTime")?.slot;
    if (address === undefined || start === undefined || (size === undefined && !isFree)) return undefined;
    const stack = fieldOf(type, "stackTrace")?.slot;
    const thread = threadFieldOf(type)?.slot;
    return (slots) => {
      // Whoever frees, and whenever, the memory is free.
      if (!isFree && test?.(slots) === false) return;
      if (!this.#hasRoom(isFree)) return;
      this.#seconds.push(slots[start]! - parts.originSeconds);
      this.#address.push(slots[address]!);
      this.#bytes.push(isFree ? -1 : slots[size!]!);
      this.#stack.push(isFree || stack === undefined ? -1 : parts.stacks.stackOf(slots[stack]!));
      this.#thread.push(isFree || thread === undefined ? -1 : parts.threadOf(slots[thread]!));
    };
  }

  /** Events of a chunk have no order: frees are matched once all of it is read. */
  endChunk(): void {
    const first = this.#firstOfChunk;
    const bytes = this.#bytes.values;
    const address = this.#address.values;
    for (const offset of rowsByTime(this.#seconds.values.subarray(first))) {
      const row = first + offset;
      if (bytes[row]! >= 0) this.#liveAt.set(address[row]!, row);
      else this.#liveAt.delete(address[row]!);
    }
    this.#keepLive();
  }

  /** Adds what is live at the end. */
  addTo(columns: SampleColumns): void {
    for (const live of this.#liveAt.values()) {
      columns.addKey(this.#stack.values[live]!, this.#thread.values[live]!, 0, -1);
      columns.addValues(this.#bytes.values[live]!, 1, Math.max(0, this.#seconds.values[live]!));
    }
  }

  #hasRoom(isFree: boolean): boolean {
    if (isFree) this.frees++;
    const held = this.#seconds.length;
    const hasRoom = held < maxLive * 4 && (this.frees > 0 || held < maxWithoutFree);
    if (!hasRoom) this.isIncomplete = true;
    return hasRoom;
  }

  /** Live allocations move to the front, so that what was freed takes no room. */
  #keepLive(): void {
    const live = Int32Array.from(this.#liveAt.values()).sort().subarray(0, maxLive);
    const columns = [this.#seconds, this.#address, this.#bytes, this.#stack, this.#thread];
    for (const column of columns) {
      const kept = Array.from(live, (row) => column.values[row]!);
      column.length = 0;
      for (const value of kept) column.push(value);
    }
    if (live.length < this.#liveAt.size) this.isIncomplete = true;
    this.#liveAt.clear();
    for (let row = 0; row < live.length; row++) this.#liveAt.set(this.#address.values[row]!, row);
    this.#firstOfChunk = live.length;
  }
}
