import { type PerfPrologue, parsePrologue, prologueBytes, viewOf } from "./prologue.ts";

/** Where one counter's value is, and what it means. */
export interface PerfEntry {
  readonly name: string;
  readonly kind: "number" | "text";
  /** Of the value, in the file. That of a number is a multiple of eight, so that it is never read half-written. */
  readonly offset: number;
  /** Of the value. */
  readonly byteLength: number;
  readonly unit: PerfUnit;
  readonly variability: PerfVariability;
}

export const perfUnits = ["invalid", "none", "bytes", "ticks", "events", "text", "hertz"] as const;
export type PerfUnit = (typeof perfUnits)[number];

export const perfVariabilities = ["invalid", "constant", "monotonic", "variable"] as const;
export type PerfVariability = (typeof perfVariabilities)[number];

/** Where every counter is. It stays true while the JVM lives, but counters are added as parts of the JVM start. */
export interface PerfLayout {
  readonly prologue: PerfPrologue;
  readonly entries: ReadonlyMap<string, PerfEntry>;
  /** Why counters are missing that the file should have; undefined when none is. */
  readonly lost: string | undefined;
}

const headBytes = 20;
const longestName = 512;
const numberType = 0x4a;
const byteType = 0x42;

/** The places of the counters in the file that starts with these bytes. Throws FormatError when it is no such file. */
export function parseLayout(bytes: Uint8Array): PerfLayout {
  const prologue = parsePrologue(bytes);
  const view = viewOf(bytes);
  const entries = new Map<string, PerfEntry>();
  let offset = prologue.entryOffset;
  for (let index = 0; index < prologue.entryCount; index++) {
    const entryBytes = entryLengthAt(view, offset, prologue.littleEndian);
    if (entryBytes === undefined) return { prologue, entries, lost: lostFrom(prologue, index, offset) };
    const entry = entryAt(view, offset, entryBytes, prologue.littleEndian);
    if (entry !== undefined && !entries.has(entry.name)) entries.set(entry.name, entry);
    offset += entryBytes;
  }
  const { overflowBytes } = prologue;
  const lost =
    overflowBytes > 0 ? `${overflowBytes} bytes of counters found no room; raise PerfDataMemorySize` : undefined;
  return { prologue, entries, lost };
}

/** Whether counters were added, or became readable, since `layout` was read. */
export function isOutdated(layout: PerfLayout, now: PerfPrologue): boolean {
  const { prologue, lost } = layout;
  return (
    now.entryCount !== prologue.entryCount ||
    now.usedBytes !== prologue.usedBytes ||
    now.accessible !== prologue.accessible ||
    (lost !== undefined && now.overflowBytes === 0)
  );
}

/** Undefined when the entry is cut off, damaged, or not written yet. */
function entryLengthAt(view: DataView, offset: number, littleEndian: boolean): number | undefined {
  if (offset < prologueBytes || offset + headBytes > view.byteLength) return undefined;
  const length = view.getInt32(offset, littleEndian);
  return length > headBytes && offset + length <= view.byteLength ? length : undefined;
}

/** Length i4, offset of the name i4, elements i4 (0: a scalar), type u1, flags u1, unit u1, variability u1, offset of the value i4. */
function entryAt(view: DataView, start: number, entryBytes: number, littleEndian: boolean): PerfEntry | undefined {
  const name = nameAt(view, start, view.getInt32(start + 4, littleEndian), entryBytes);
  const elements = view.getInt32(start + 8, littleEndian);
  const type = view.getUint8(start + 12);
  const dataOffset = view.getInt32(start + 16, littleEndian);
  const isNumber = type === numberType && elements === 0;
  if (name === undefined || !(isNumber || (type === byteType && elements > 0))) return undefined;
  const byteLength = isNumber ? 8 : elements;
  const offset = start + dataOffset;
  if (dataOffset < headBytes || dataOffset + byteLength > entryBytes || (isNumber && offset % 8 !== 0))
    return undefined;
  return {
    name,
    kind: isNumber ? "number" : "text",
    offset,
    byteLength,
    unit: perfUnits[view.getUint8(start + 14)] ?? "invalid",
    variability: perfVariabilities[view.getUint8(start + 15)] ?? "invalid",
  };
}

/** Undefined when the name has no end within its entry. */
function nameAt(view: DataView, start: number, nameOffset: number, entryBytes: number): string | undefined {
  if (nameOffset < headBytes || nameOffset >= entryBytes) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start + nameOffset, entryBytes - nameOffset);
  const end = bytes.subarray(0, longestName).indexOf(0);
  return end > 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, end).toString("latin1") : undefined;
}

function lostFrom(prologue: PerfPrologue, index: number, offset: number): string {
  return `${prologue.entryCount - index} of ${prologue.entryCount} counters are cut off, damaged or not written yet, from byte ${offset} on`;
}
