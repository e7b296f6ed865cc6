const quote = 0x22;
const backslash = 0x5c;
/** Of `{` and `[` with this bit set; closing ones are 2 more. */
const opening = 0x7b;
const closing = 0x7d;
const caseBit = 0x20;

/** A longer element is dropped, and so is what is around the elements beyond this. */
const longestElement = 4 * 1024 * 1024;
const longestSkeleton = 1024 * 1024;

/** What is left when a text was read. */
export interface ElementsEnd {
  /** What is around the elements. */
  readonly skeleton: string;
  /** Of an element that the text ends in. */
  readonly rest: string;
  /** A bracket is open. */
  readonly isCut: boolean;
  readonly droppedElements: number;
}

/** Takes the elements at one depth out of a JSON text of any length; a valid one is not needed. */
export class JsonElements {
  readonly #depth: number;
  readonly #visit: (text: string) => void;
  readonly #decoder = new TextDecoder("utf-8");
  /** Everything that is not in an element, and `null` for each. */
  #skeleton = "";
  #partial = "";
  #level = 0;
  #isInString = false;
  #isEscaped = false;
  #droppedElements = 0;

  /** Elements are the objects that begin where so many brackets are open. */
  constructor(depth: number, visit: (text: string) => void) {
    this.#depth = depth;
    this.#visit = visit;
  }

  end(): ElementsEnd {
    return {
      skeleton: this.#skeleton,
      rest: this.#partial,
      isCut: this.#level > 0,
      droppedElements: this.#droppedElements,
    };
  }

  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one pass over every byte of a file that may have gigabytes
  add(bytes: Uint8Array): void {
    let start = 0;
    let level = this.#level;
    let isInString = this.#isInString;
    let isEscaped = this.#isEscaped;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        continue;
      }
      if (byte === quote) isInString = true;
      else if ((byte | caseBit) === opening) {
        if (level === this.#depth) start = this.#keep(bytes, start, at);
        level++;
      } else if ((byte | caseBit) === closing && level > 0) {
        level--;
        if (level === this.#depth) start = this.#finish(bytes, start, at + 1);
      }
    }
    this.#level = level;
    this.#isInString = isInString;
    this.#isEscaped = isEscaped;
    if (level > this.#depth) this.#partial = this.#grown(bytes.subarray(start));
    else this.#keep(bytes, start, bytes.length);
  }

  #keep(bytes: Uint8Array, from: number, to: number): number {
    if (this.#skeleton.length < longestSkeleton) this.#skeleton += this.#text(bytes.subarray(from, to));
    return to;
  }

  #finish(bytes: Uint8Array, from: number, to: number): number {
    const text = this.#grown(bytes.subarray(from, to));
    if (text.length > longestElement) this.#droppedElements++;
    else this.#visit(text);
    this.#partial = "";
    if (this.#skeleton.length < longestSkeleton) this.#skeleton += "null";
    return to;
  }

  #grown(bytes: Uint8Array): string {
    return this.#partial.length > longestElement ? this.#partial : this.#partial + this.#text(bytes);
  }

  #text(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }
}
