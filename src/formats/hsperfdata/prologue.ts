import { FormatError } from "../../model/errors.ts";

/** The head of a file of perf counters. Its numbers change while the JVM lives. */
export interface PerfPrologue {
  readonly littleEndian: boolean;
  /** Whether the JVM has finished its first counters; one that is starting has not. */
  readonly accessible: boolean;
  readonly usedBytes: number;
  /** Bytes of counters that found no room: those are missing. */
  readonly overflowBytes: number;
  /** Where the first entry is. */
  readonly entryOffset: number;
  readonly entryCount: number;
}

/** Bytes of the prologue. */
export const prologueBytes = 32;

const magic = 0xcafec0c0;
const majorVersion = 2;

/** Whether a file that starts with these bytes says that it holds perf counters. */
function isPerfData(head: Uint8Array): boolean {
  return head.length >= 4 && viewOf(head).getUint32(0) === magic;
}

/**
 * Magic u4 (big-endian always), byte order u1 (1 is little), version u1 u1, accessible u1, used i4, overflow i4, time of the last change
 * i8, offset of the first entry i4, number of entries i4. Throws FormatError when it is something else.
 */
export function parsePrologue(bytes: Uint8Array): PerfPrologue {
  if (!isPerfData(bytes)) throw new FormatError("expected perf counters that start with cafec0c0", 0);
  if (bytes.length < prologueBytes)
    throw new FormatError("the file ends inside the head of the perf counters", bytes.length);
  const view = viewOf(bytes);
  const order = view.getUint8(4);
  if (order > 1) throw new FormatError(`expected byte order 0 or 1, got ${order}`, 4);
  const major = view.getUint8(5);
  if (major !== majorVersion)
    throw new FormatError(`expected perf counters of version ${majorVersion}, got ${major}`, 5);
  const littleEndian = order === 1;
  return {
    littleEndian,
    accessible: view.getUint8(7) !== 0,
    usedBytes: Math.max(0, view.getInt32(8, littleEndian)),
    overflowBytes: Math.max(0, view.getInt32(12, littleEndian)),
    entryOffset: view.getInt32(24, littleEndian),
    entryCount: Math.max(0, view.getInt32(28, littleEndian)),
  };
}

/** The same bytes, to read numbers from. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
