import type { Line } from "../lines/read-lines.ts";

const space = 0x20;
const tab = 0x09;

/** Reads numbers off a line; one object for all lines of a file, so that millions of lines make no garbage. */
export class LineScanner {
  #bytes = new Uint8Array(0);
  #end = 0;
  at = 0;

  start({ bytes, start, end }: Line): void {
    this.#bytes = bytes as Uint8Array<ArrayBuffer>;
    this.at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  /** The next byte; 0 at the end. */
  get byte(): number {
    return this.at < this.#end ? this.#bytes[this.at]! : 0;
  }

  skipSpaces(): void {
    while (this.at < this.#end && (this.#bytes[this.at] === space || this.#bytes[this.at] === tab)) this.at++;
  }

  /** Skips one byte when it is this one. */
  take(byte: number): boolean {
    if (this.byte !== byte) return false;
    this.at++;
    return true;
  }

  /** A decimal number; −1 where there is none. Beyond 2^53 it is the nearest double. */
  decimal(): number {
    this.skipSpaces();
    const bytes = this.#bytes;
    const end = this.#end;
    const start = this.at;
    let at = start;
    let value = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.at = at;
    return at === start ? -1 : value;
  }

  /** A hexadecimal number, `0x` before it or not; −1 where there is none. */
  hexadecimal(): number {
    this.skipSpaces();
    if (this.byte === 0x30 && (this.#bytes[this.at + 1]! | 0x20) === 0x78) this.at += 2;
    const bytes = this.#bytes;
    const end = this.#end;
    const start = this.at;
    let at = start;
    let value = 0;
    for (; at < end; at++) {
      const digit = hexDigits[bytes[at]!]!;
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    this.at = at;
    return at === start ? -1 : value;
  }
}

/** By byte: a table is faster than comparisons here. */
const hexDigits = Int8Array.from({ length: 256 }, (_, byte) => hexDigit(byte));

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
