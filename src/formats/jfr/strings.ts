import { FormatError } from "../../model/errors.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";

/** How a string is written: one byte, then what it says. */
export const stringEncoding = { none: 0, empty: 1, constant: 2, utf8: 3, chars: 4, latin1: 5 } as const;

const utf8 = new TextDecoder();

/**
 * The string at the cursor; undefined for null. A constant has been resolved by the caller. Throws FormatError for another encoding, and
 * for a length behind `end`.
 */
export function readString(cursor: ChunkCursor, end: number): string | undefined {
  const start = cursor.position;
  const encoding = cursor.byte();
  if (encoding === stringEncoding.none) return undefined;
  if (encoding === stringEncoding.empty) return "";
  const length = cursor.int();
  if (length < 0 || length > end - cursor.position)
    throw new FormatError(`expected a string of at most ${end - cursor.position} bytes, got ${length}`, start);
  if (encoding === stringEncoding.chars) return readChars(cursor, length);
  const bytes = cursor.bytes.subarray(cursor.position, cursor.position + length);
  cursor.position += length;
  if (encoding === stringEncoding.utf8) return isAscii(bytes) ? latin1(bytes) : utf8.decode(bytes);
  if (encoding === stringEncoding.latin1) return latin1(bytes);
  throw new FormatError(`expected a string's encoding 0–5, got ${encoding}`, start);
}

function readChars(cursor: ChunkCursor, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += String.fromCharCode(cursor.char());
  return text;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false;
  return true;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
