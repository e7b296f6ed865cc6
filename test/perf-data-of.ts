import type { PerfUnit } from "../src/formats/hsperfdata/layout.ts";
import { perfUnits } from "../src/formats/hsperfdata/layout.ts";

/** Counters by name: numbers and texts; units follow from the names. */
export type DrawnCounters = Readonly<Record<string, number | bigint | string>>;

export interface DrawnOptions {
  readonly littleEndian?: boolean;
  readonly accessible?: boolean;
  readonly overflowBytes?: number;
  readonly sizeBytes?: number;
}

/** A file of perf counters, as a JVM lays it out. */
export function perfDataOf(counters: DrawnCounters, options: DrawnOptions = {}): Buffer<ArrayBuffer> {
  const { littleEndian = true, accessible = true, overflowBytes = 0, sizeBytes = 32_768 } = options;
  const bytes = Buffer.alloc(sizeBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 32;
  for (const [name, value] of Object.entries(counters)) offset = writeEntry(view, offset, [name, value], littleEndian);
  bytes.set([0xca, 0xfe, 0xc0, 0xc0, littleEndian ? 1 : 0, 2, 0, accessible ? 1 : 0]);
  view.setInt32(8, offset, littleEndian);
  view.setInt32(12, overflowBytes, littleEndian);
  view.setInt32(24, 32, littleEndian);
  view.setInt32(28, Object.keys(counters).length, littleEndian);
  return bytes;
}

function writeEntry(
  view: DataView,
  start: number,
  [name, value]: [string, number | bigint | string],
  littleEndian: boolean,
): number {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const isText = typeof value === "string";
  const room = Math.max(81, isText ? Buffer.byteLength(value) + 1 : 0);
  const dataOffset = isText ? 20 + name.length + 1 : 20 + alignedTo8(name.length + 1 + 4) - 4;
  const length = alignedTo8(dataOffset + (isText ? room : 8));
  view.setInt32(start, length, littleEndian);
  view.setInt32(start + 4, 20, littleEndian);
  view.setInt32(start + 8, isText ? room : 0, littleEndian);
  bytes.set([isText ? 0x42 : 0x4a, 1, perfUnits.indexOf(unitOf(name, isText)), isText ? 3 : 2], start + 12);
  view.setInt32(start + 16, dataOffset, littleEndian);
  bytes.write(name, start + 20, "latin1");
  if (isText) bytes.write(value, start + dataOffset, "utf8");
  else view.setBigInt64(start + dataOffset, BigInt(value), littleEndian);
  return start + length;
}

function unitOf(name: string, isText: boolean): PerfUnit {
  if (isText) return "text";
  if (/time$/i.test(name)) return "ticks";
  return /used|capacity/i.test(name) ? "bytes" : "events";
}

function alignedTo8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
