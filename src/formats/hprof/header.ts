import type { ByteSource } from "../../bytes/byte-source.ts";
import { FormatError } from "../../model/errors.ts";

/** The head of an HPROF file. */
export interface HprofHeader {
  /** `JAVA PROFILE 1.0.2` */
  readonly format: string;
  readonly idBytes: 4 | 8;
  readonly takenAtMillis: number;
  /** Where the first record starts. */
  readonly endOffset: number;
}

const magic = "JAVA PROFILE 1.0";
const longestFormat = 64;

/** Whether a file that starts with these bytes says that it is a heap dump. */
export function isHprof(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, magic.length)).toString("latin1") === magic;
}

/** Format name ending in 0, id size u4, milliseconds since the epoch u8. Throws FormatError when it is something else. */
export function readHeader(source: ByteSource): HprofHeader {
  const bytes = new Uint8Array(longestFormat + 13);
  const head = bytes.subarray(0, source.read(0, bytes));
  if (!isHprof(head)) throw new FormatError(`expected a heap dump that starts with "${magic}"`, 0);
  const end = head.indexOf(0);
  if (end < 0 || head.length < end + 13)
    throw new FormatError("the file ends inside the header of the heap dump", head.length);
  const view = new DataView(head.buffer);
  const idBytes = view.getUint32(end + 1);
  if (idBytes !== 4 && idBytes !== 8) throw new FormatError(`expected ids of 4 or 8 bytes, got ${idBytes}`, end + 1);
  return {
    format: Buffer.from(head.subarray(0, end)).toString("latin1"),
    idBytes,
    takenAtMillis: view.getUint32(end + 5) * 2 ** 32 + view.getUint32(end + 9),
    endOffset: end + 13,
  };
}
