/** Where the numbers at the end of a collapsed line stand: `a;b 3`, `a;b 3 5` (a difference), `a;b [3 4096]`. */
export type ValueLayout = "one" | "two" | "bracketed";

const space = 0x20;
const tab = 0x09;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const mostValues = 16;

/** The numbers at the end of a line; one object for all lines of a file, so that a million lines make no garbage. */
export class LineValues {
  readonly #layout: ValueLayout;
  readonly values: Float64Array<ArrayBuffer> = new Float64Array(mostValues);
  count = 0;
  /** End of the stack's text, before the values. */
  pathEnd = 0;

  constructor(layout: ValueLayout) {
    this.#layout = layout;
  }

  /** Reads the values of a line; false when they are not there, or nothing is before them. */
  parse(bytes: Uint8Array, start: number, lineEnd: number): boolean {
    const end = trimmedEnd(bytes, start, lineEnd);
    this.count = 0;
    this.pathEnd = this.#layout === "bracketed" ? this.#bracketed(bytes, start, end) : this.#plain(bytes, start, end);
    this.values.subarray(0, this.count).reverse();
    return this.pathEnd > start;
  }

  /** The end of the text before the values; −1 when they are not there. */
  #plain(bytes: Uint8Array, start: number, lineEnd: number): number {
    const wanted = this.#layout === "one" ? 1 : 2;
    let end = lineEnd;
    while (this.count < wanted) {
      const wordStart = startOfWord(bytes, start, end);
      if (!this.#take(bytes, wordStart, end)) return -1;
      end = trimmedEnd(bytes, start, wordStart);
    }
    return end;
  }

  #bracketed(bytes: Uint8Array, start: number, lineEnd: number): number {
    if (bytes[lineEnd - 1] !== closeBracket) return -1;
    let end = lineEnd - 1;
    while (end > start) {
      const wordStart = startOfWord(bytes, start, end);
      const isFirst = bytes[wordStart] === openBracket;
      if (!this.#take(bytes, isFirst ? wordStart + 1 : wordStart, end)) return -1;
      end = trimmedEnd(bytes, start, wordStart);
      if (isFirst) return end;
    }
    return -1;
  }

  #take(bytes: Uint8Array, start: number, end: number): boolean {
    const value = parseNumber(bytes, start, end);
    if (Number.isNaN(value) || this.count === mostValues) return false;
    this.values[this.count++] = value;
    return true;
  }
}

function trimmedEnd(bytes: Uint8Array, start: number, from: number): number {
  let end = from;
  while (end > start && (bytes[end - 1] === space || bytes[end - 1] === tab)) end--;
  return end;
}

function startOfWord(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] !== space && bytes[at - 1] !== tab) at--;
  return at;
}

/** Digits with at most one point among them and a sign before; NaN for anything else. */
function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === 0x2d;
  let value = 0;
  let digits = 0;
  let scale = 0;
  for (let at = isNegative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === 0x2e && scale === 0) {
      scale = 1;
      continue;
    }
    if (byte < 0x30 || byte > 0x39) return Number.NaN;
    value = value * 10 + byte - 0x30;
    digits++;
    scale *= 10;
  }
  if (digits === 0) return Number.NaN;
  const scaled = scale > 1 ? value / scale : value;
  return isNegative ? -scaled : scaled;
}
