import { readSync } from "node:fs";
import type { PerfEntry, PerfLayout } from "../formats/hsperfdata/layout.ts";
import { numberAt, textAt } from "../formats/hsperfdata/perf-data.ts";

/**
 * The part of a file of perf counters that holds some of them, read again and again into the same memory. A counter that the JVM does not
 * have reads as 0 and "".
 */
export class CounterWindow {
  readonly #descriptor: number;
  readonly #layout: PerfLayout;
  readonly #start: number;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(descriptor: number, layout: PerfLayout, names: readonly string[]) {
    this.#descriptor = descriptor;
    this.#layout = layout;
    const entries = names.flatMap((name) => layout.entries.get(name) ?? []);
    this.#start = Math.min(...entries.map(({ offset }) => offset));
    const end = Math.max(...entries.map(({ offset, byteLength }) => offset + byteLength));
    this.#bytes = Buffer.alloc(entries.length > 0 ? end - this.#start : 0);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  }

  /** Reads the counters' present values; false when the file is shorter than it was. Throws as readSync does. */
  load(): boolean {
    const { length } = this.#bytes;
    return readSync(this.#descriptor, this.#bytes, 0, length, this.#start) === length;
  }

  /** Where `number` and `text` find a counter; −1 for one that is not there. */
  placeOf(name: string, kind: PerfEntry["kind"] = "number"): number {
    const entry = this.#layout.entries.get(name);
    return entry?.kind === kind ? entry.offset - this.#start : -1;
  }

  number(place: number): number {
    return place < 0 ? 0 : numberAt(this.#view, place, this.#layout.prologue.littleEndian);
  }

  text(place: number): string {
    return place < 0 ? "" : textAt(this.#bytes, place, this.#bytes.length - place);
  }
}
