import type { ByteSource } from "../../bytes/byte-source.ts";

/** One line while it is visited: `bytes` is valid until the next line. */
export interface Line {
  bytes: Uint8Array;
  start: number;
  /** Without the line break. */
  end: number;
  /** Byte of the file at which the line starts. */
  offset: number;
  /** From 1 on. */
  number: number;
}

/** What is known after the last line. */
export interface LinesRead {
  readonly lines: number;
  /** Longer than `longestLine`: not visited. */
  readonly skippedLines: number;
  readonly bytes: number;
}

/** Stacks of a thousand frames with long names are a few hundred KiB. */
const longestLine = 8 << 20;
const firstCapacity = 1 << 20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Visits every line of a source once, in memory that depends on the longest line alone. */
export function readLines(source: ByteSource, visit: (line: Line) => void): LinesRead {
  const lines = new LineSplitter(visit, Math.min(firstCapacity, source.sizeBytes + 1));
  for (;;) {
    const wanted = lines.room;
    const count = source.read(lines.bytes, wanted);
    if (count < wanted.length) return lines.finish(count);
    lines.take(count);
  }
}

/** Holds the part of a file of which the lines are being visited. */
class LineSplitter {
  readonly #visit: (line: Line) => void;
  readonly #line: Line = { bytes: new Uint8Array(0), start: 0, end: 0, offset: 0, number: 0 };
  #buffer: Uint8Array<ArrayBuffer>;
  /** Bytes of an unfinished line at the buffer's start. */
  #kept = 0;
  #isSkipping = false;
  #skippedLines = 0;
  /** Read from the source so far. */
  bytes = 0;

  constructor(visit: (line: Line) => void, capacity: number) {
    this.#visit = visit;
    this.#buffer = new Uint8Array(capacity);
  }

  /** Where the next bytes of the source belong. */
  get room(): Uint8Array {
    return this.#buffer.subarray(this.#kept);
  }

  /** Visits the lines that end in what was read, and keeps the beginning of the next. */
  take(count: number): void {
    const filled = this.#kept + count;
    const start = this.#visitLines(filled, count);
    this.#kept = this.#isSkipping ? 0 : filled - start;
    if (this.#kept < this.#buffer.length) this.#buffer.copyWithin(0, start, filled);
    else this.#enlarge();
  }

  /** Visits what is left, the last line without a line break too. */
  finish(count: number): LinesRead {
    const filled = this.#kept + count;
    const start = this.#visitLines(filled, count);
    if (start < filled) this.#lineAt(start, filled, this.bytes - filled);
    return { lines: this.#line.number, skippedLines: this.#skippedLines, bytes: this.bytes };
  }

  /** The start of the line that is not finished. */
  #visitLines(filled: number, count: number): number {
    this.bytes += count;
    const part = this.#buffer.subarray(0, filled);
    let start = 0;
    for (;;) {
      const end = part.indexOf(lineFeed, start);
      if (end < 0) return start;
      this.#lineAt(start, end, this.bytes - filled);
      start = end + 1;
    }
  }

  #lineAt(start: number, end: number, bufferOffset: number): void {
    const line = this.#line;
    line.number++;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#skippedLines++;
      return;
    }
    line.bytes = this.#buffer;
    line.start = start;
    line.end = end > start && this.#buffer[end - 1] === carriageReturn ? end - 1 : end;
    line.offset = bufferOffset + start;
    this.#visit(line);
  }

  #enlarge(): void {
    if (this.#buffer.length >= longestLine) {
      this.#isSkipping = true;
      this.#kept = 0;
      return;
    }
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

const decoder = new TextDecoder();

/** The text of a line; bytes that are no UTF-8 become U+FFFD. */
export function textOf({ bytes, start, end }: Line): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Whole lines of the beginning of a file; undefined when it holds what no text file does. */
export function headLines(head: Uint8Array, limit: number): readonly string[] | undefined {
  const isCut = head.length >= 64 * 1024;
  const part = head.subarray(0, isCut ? Math.max(head.lastIndexOf(lineFeed), 0) : head.length);
  if (part.some((byte) => byte < 0x20 && byte !== lineFeed && byte !== carriageReturn && byte !== 0x09))
    return undefined;
  return decoder
    .decode(part)
    .split("\n", limit)
    .map((text) => text.replace(/\r$/, ""));
}
