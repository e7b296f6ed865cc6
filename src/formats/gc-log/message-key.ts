/** Where reading of a line is. */
export interface Scan {
  bytes: Uint8Array;
  at: number;
  end: number;
}

/** Part of a line. */
export interface TextSpan {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

const prime = 16_777_619;
const space = 0x20;

/** Bytes that a message's name may have; the first other one ends it. */
const inName = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -/_.#|") inName[char.charCodeAt(0)] = 1;

/** The most of a name that is looked at. */
const longestName = 28;

/**
 * A number for the words with which a message begins, up to its first digit or sign: what kind of line it is can be looked up by it.
 * `nameEnd` tells where they end.
 */
export class MessageKey {
  /** Behind the last byte of the name. */
  nameEnd = 0;

  of({ bytes, at, end }: Scan): number {
    const limit = Math.min(end, at + longestName);
    let hash = 0x811c9dc5 | 0;
    let nameEnd = at;
    let from = at;
    if (at < limit && inName[bytes[at]!] === 0) {
      // What begins with a number or a sign is known by that and by the words that follow.
      const isNumber = isNumeric(bytes[at]!);
      hash = Math.imul(hash ^ (isNumber ? 0x30 : bytes[at]!), prime);
      from = at + 1;
      while (isNumber && from < limit && isNumeric(bytes[from]!)) from++;
    } else if (at === limit) hash = 0;
    let key = hash;
    for (let index = from; index < limit; index++) {
      const byte = bytes[index]!;
      if (inName[byte] === 0) break;
      hash = Math.imul(hash ^ byte, prime);
      if (byte === space) continue;
      key = hash;
      nameEnd = index + 1;
    }
    this.nameEnd = nameEnd;
    return key;
  }
}

function isNumeric(byte: number): boolean {
  return byte >= 0x2c && byte <= 0x39;
}

/** A number for the bytes of a part of a line. */
export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let index = from; index < to; index++) hash = Math.imul(hash ^ bytes[index]!, prime);
  return hash;
}

const decoder = new TextDecoder();

/** The text of a part of a line; bytes that are no UTF-8 become U+FFFD. */
export function textIn(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to));
}
