import type { PerfCounters } from "../../model/target.ts";
import { type PerfLayout, parseLayout } from "./layout.ts";
import { viewOf } from "./prologue.ts";

/** A whole file of perf counters. */
export interface PerfData {
  readonly layout: PerfLayout;
  readonly counters: PerfCounters;
}

/** Every counter of the file that these bytes are. Throws FormatError when it is no such file. */
export function parsePerfData(bytes: Uint8Array): PerfData {
  const layout = parseLayout(bytes);
  return { layout, counters: countersOf(layout, bytes) };
}

/** The counters of bytes whose layout is known. The bytes must not change after. */
export function countersOf(layout: PerfLayout, bytes: Uint8Array): PerfCounters {
  const view = viewOf(bytes);
  const { entries, prologue } = layout;
  const number = (name: string) => {
    const entry = entries.get(name);
    if (entry?.kind !== "number" || entry.offset + 8 > view.byteLength) return undefined;
    return numberAt(view, entry.offset, prologue.littleEndian);
  };
  return {
    number,
    text(name) {
      const entry = entries.get(name);
      return entry?.kind === "text" ? textAt(bytes, entry.offset, entry.byteLength) : undefined;
    },
    seconds(name) {
      const ticks = entries.get(name)?.unit === "ticks" ? number(name) : undefined;
      return ticks === undefined ? undefined : ticks / (number("sun.os.hrt.frequency") || ticksPerSecond);
    },
    names: [...entries.keys()],
  };
}

/** Ticks of HotSpot's clock on Linux; its frequency is a counter, too. */
const ticksPerSecond = 1e9;

/** A signed number of eight bytes; one beyond 2^53 is rounded. */
export function numberAt(view: DataView, offset: number, littleEndian: boolean): number {
  const high = view.getInt32(littleEndian ? offset + 4 : offset, littleEndian);
  const low = view.getUint32(littleEndian ? offset : offset + 4, littleEndian);
  return high * 2 ** 32 + low;
}

/** Text up to its terminating zero. */
export function textAt(bytes: Uint8Array, offset: number, byteLength: number): string {
  const field = bytes.subarray(offset, offset + byteLength);
  const end = field.indexOf(0);
  return Buffer.from(field.buffer, field.byteOffset, end < 0 ? field.length : end).toString("utf8");
}
