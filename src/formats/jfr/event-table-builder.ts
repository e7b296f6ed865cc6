import type { EventTable } from "../../model/recording.ts";
import { ColumnBuilder, columnReaders } from "./event-columns.ts";
import { fieldOf } from "./event-filter.ts";
import type { EventSink, EventType } from "./events.ts";
import { largestFloor } from "./largest.ts";
import type { ChunkParts } from "./profile-builder.ts";
import { rowsByTime } from "./row-order.ts";

const firstRows = 256;

/** The table of one type while a recording is read; bounded: the longest events stay, or every n-th of those without a duration. */
export class EventTableBuilder {
  readonly #type: string;
  readonly #label: string;
  readonly #maxRows: number;
  /** Rows at which the table shrinks to `maxRows`; even, so that every second one stays in step. */
  readonly #mostRows: number;
  readonly #columns = new Map<string, ColumnBuilder>();
  #capacity: number;
  #rows = 0;
  #omittedRows = 0;
  #omittedSeconds = 0;
  /** Shorter events are surely not among the longest. */
  #floorSeconds = Number.NEGATIVE_INFINITY;
  /** Of events without a duration, every so many-th is kept. */
  #stride = 1;
  #seen = 0;

  constructor(type: EventType, maxRows: number) {
    this.#type = type.name;
    this.#label = type.label;
    this.#maxRows = Math.max(1, maxRows);
    this.#mostRows = 2 * Math.ceil(this.#maxRows * 0.625) + 2;
    this.#capacity = Math.min(firstRows, this.#mostRows);
  }

  /** Takes the events of a chunk. */
  sinkOf(type: EventType, parts: ChunkParts): EventSink {
    const writers = columnReaders(type, parts).map((reader) => {
      const column = this.#columnOf(reader.path, reader.kind, reader.unit);
      return { column, read: reader.valueReader(column.interner) };
    });
    const durationSlot = fieldOf(type, "duration")?.slot;
    return (slots) => {
      if (!this.#isWanted(durationSlot === undefined ? undefined : slots[durationSlot]!)) return;
      if (this.#rows === this.#capacity) this.#makeRoom();
      const row = this.#rows++;
      for (const { column, read } of writers) column.values[row] = read(slots);
    };
  }

  finish(): EventTable {
    if (this.#rows > this.#maxRows) this.#shrink();
    const start = this.#columns.get("startTime");
    const times = Float64Array.from(start?.values.subarray(0, this.#rows) ?? new Float64Array(this.#rows));
    const rows = rowsByTime(times);
    for (const column of this.#columns.values()) column.keep(rows);
    return {
      type: this.#type,
      label: this.#label,
      rows: rows.length,
      omittedRows: this.#omittedRows,
      omittedSeconds: this.#omittedSeconds,
      columns: new Map([...this.#columns].map(([path, column]) => [path, column.finish()])),
    };
  }

  #columnOf(path: string, ...[kind, unit]: [ColumnBuilder["kind"], ColumnBuilder["unit"]]): ColumnBuilder {
    const known = this.#columns.get(path);
    if (known !== undefined && known.kind === kind) return known;
    const column = new ColumnBuilder(kind, unit, this.#capacity);
    this.#columns.set(path, column);
    return column;
  }

  #isWanted(durationSeconds: number | undefined): boolean {
    const isWanted =
      durationSeconds === undefined ? this.#seen++ % this.#stride === 0 : !(durationSeconds < this.#floorSeconds);
    if (!isWanted) this.#omit(durationSeconds ?? 0);
    return isWanted;
  }

  #omit(durationSeconds: number): void {
    this.#omittedRows++;
    if (Number.isFinite(durationSeconds)) this.#omittedSeconds += durationSeconds;
  }

  #makeRoom(): void {
    if (this.#rows >= this.#mostRows) {
      this.#shrink();
      return;
    }
    this.#capacity = Math.min(this.#capacity * 2, this.#mostRows);
    for (const column of this.#columns.values()) column.reserve(this.#capacity);
  }

  /** Back to `maxRows`, in the columns' present room. */
  #shrink(): void {
    const durations = this.#columns.get("duration")?.values.subarray(0, this.#rows);
    const kept = durations === undefined ? this.#everySecond() : this.#longest(Float64Array.from(durations));
    for (const column of this.#columns.values()) {
      column.keep(kept);
      column.reserve(this.#capacity);
    }
    this.#rows = kept.length;
  }

  #everySecond(): Int32Array {
    const kept = Int32Array.from({ length: Math.ceil(this.#rows / 2) }, (_, index) => index * 2);
    this.#omittedRows += this.#rows - kept.length;
    this.#stride *= 2;
    return kept;
  }

  #longest(lengths: Float64Array): Int32Array {
    let ties = this.#maxRows;
    for (let row = 0; row < lengths.length; row++) if (Number.isNaN(lengths[row])) lengths[row] = 0;
    const floor = largestFloor(lengths, this.#maxRows);
    for (let row = 0; row < lengths.length; row++) if (lengths[row]! > floor) ties--;
    const kept = new Int32Array(this.#maxRows);
    let count = 0;
    for (let row = 0; row < lengths.length; row++) {
      const seconds = lengths[row]!;
      if (seconds > floor || (seconds === floor && ties-- > 0)) kept[count++] = row;
      else this.#omit(seconds);
    }
    this.#floorSeconds = floor;
    return kept.subarray(0, count);
  }
}
