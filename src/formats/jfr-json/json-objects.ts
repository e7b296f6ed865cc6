import type { ByteSource } from "../../bytes/byte-source.ts";

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const windowBytes = 1 << 20;
/** One event with a stack of 2,048 frames is a few MiB. */
const largestObject = 64 << 20;
const decoder = new TextDecoder();

/** What is known after the last byte. */
export interface ObjectsRead {
  readonly bytes: number;
  /** Objects larger than `largestObject`. */
  readonly skipped: number;
  /** The file ends within an object or before the brackets around them are closed. */
  readonly isCut: boolean;
}

/** Visits the text of every object that lies `depth` brackets deep, without having the whole file in memory. */
export function readJsonObjects(
  source: ByteSource,
  depth: number,
  visit: (text: string, offset: number) => void,
): ObjectsRead {
  const objects = new ObjectSplitter(depth, visit);
  const window = new Uint8Array(Math.min(windowBytes, source.sizeBytes + 1));
  let offset = 0;
  for (;;) {
    const count = source.read(offset, window);
    objects.add(window.subarray(0, count), offset);
    offset += count;
    if (count < window.length) return { bytes: offset, skipped: objects.skipped, isCut: objects.isOpen };
  }
}

/** Follows brackets and strings; what lies outside the wanted objects is passed over. */
class ObjectSplitter {
  readonly #wantedDepth: number;
  readonly #visit: (text: string, offset: number) => void;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Of an object that is not finished. */
  readonly #parts: Uint8Array[] = [];
  #partBytes = 0;
  #objectOffset = -1;
  skipped = 0;
  /** Of the object, in the bytes at hand. */
  #start = 0;

  constructor(wantedDepth: number, visit: (text: string, offset: number) => void) {
    this.#wantedDepth = wantedDepth;
    this.#visit = visit;
  }

  get isOpen(): boolean {
    return this.#depth > 0;
  }

  add(bytes: Uint8Array, offset: number): void {
    this.#start = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#isInString) {
        at = this.#afterString(bytes, at);
        continue;
      }
      const byte = bytes[at++]!;
      if (byte === quote) this.#isInString = true;
      // `[` and `{` differ in one bit from each other, as do `]` and `}`.
      else if ((byte & 0xdf) === openBracket) this.#open(at - 1, offset);
      else if ((byte & 0xdf) === closeBracket) this.#close(bytes, at);
    }
    if (this.#objectOffset >= 0) this.#keep(bytes.subarray(this.#start));
  }

  #open(at: number, offset: number): void {
    if (this.#depth++ !== this.#wantedDepth) return;
    this.#objectOffset = offset + at;
    this.#start = at;
  }

  #close(bytes: Uint8Array, at: number): void {
    if (--this.#depth === this.#wantedDepth && this.#objectOffset >= 0) this.#finish(bytes.subarray(this.#start, at));
  }

  /** The closing quote is looked for from one backslash to the next. */
  #afterString(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (bytes[at] === backslash) this.#isEscaped = true;
      else if (bytes[at] === quote) {
        this.#isInString = false;
        return at + 1;
      }
    }
    return bytes.length;
  }

  #keep(part: Uint8Array): void {
    this.#partBytes += part.length;
    if (this.#partBytes <= largestObject) this.#parts.push(part.slice());
    else this.#parts.length = 0;
  }

  #finish(last: Uint8Array): void {
    const offset = this.#objectOffset;
    this.#objectOffset = -1;
    if (this.#partBytes > largestObject) this.skipped++;
    else if (this.#parts.length === 0) this.#visit(decoder.decode(last), offset);
    else this.#visit(decoder.decode(joined([...this.#parts, last])), offset);
    this.#parts.length = 0;
    this.#partBytes = 0;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
