import type { ByteSource } from "../../bytes/byte-source.ts";
import { Int32Column } from "../../bytes/growable.ts";
import { FormatError } from "../../model/errors.ts";
import { type Line, type LinesRead, readLines, textOf } from "../lines/read-lines.ts";
import { type MemoryMapping, parseMapping } from "../proc/maps.ts";
import { AddressNumbers } from "./address-numbers.ts";
import { LineScanner } from "./line-scanner.ts";
import { type RawCounts, SampleColumns } from "./sample-columns.ts";
import { type Sampling, samplingOfHeader } from "./sampling.ts";

/** A heap profile as it stands in the file; counts are those that were sampled. */
export interface HeapProfile {
  readonly format: "heap_v2" | "heap profile";
  readonly sampling: Sampling;
  /** Distinct addresses; stacks hold their numbers. */
  readonly addresses: Float64Array;
  /** Frames of stack `s` are `stackAddress[firstAddress[s]]` up to that of the next one, the leaf first. */
  readonly firstAddress: Int32Array;
  readonly stackAddress: Int32Array;
  /** A row for each stack, and one for each of its threads. */
  readonly rows: SampleColumns;
  /** By thread's number, where the allocator was told to write them. */
  readonly threadNames: ReadonlyMap<number, string>;
  readonly mappings: readonly MemoryMapping[];
  /** Names that the file itself gives, the innermost first where several functions are inlined. */
  readonly symbols: ReadonlyMap<number, readonly string[]>;
  readonly unparsedLines: number;
  /** The file ends before its list of mapped libraries. */
  readonly isCut: boolean;
}

/** Reads a heap profile of jemalloc, gperftools or tcmalloc. */
export function readHeapProfile(source: ByteSource): HeapProfile {
  const reader = new ProfileReader();
  return reader.finish(readLines(source, (line) => reader.line(line)));
}

const at = 0x40;
const lowerT = 0x74;
const star = 0x2a;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const allThreads = -1;
const mostMappings = 1_000_000;

class ProfileReader {
  readonly #scanner = new LineScanner();
  readonly #numbers = new AddressNumbers();
  readonly #firstAddress = new Int32Column();
  readonly #stackAddress = new Int32Column();
  readonly #rows = new SampleColumns();
  readonly #threadNames = new Map<number, string>();
  readonly #mappings: MemoryMapping[] = [];
  readonly #symbols = new Map<number, readonly string[]>();
  readonly #counts: RawCounts = { inuseObjects: 0, inuseBytes: 0, allocObjects: 0, allocBytes: 0 };
  #part: "start" | "symbols" | "samples" | "libraries" = "start";
  #format: HeapProfile["format"] = "heap_v2";
  #sampling: Sampling | undefined;
  #unparsedLines = 0;

  line(line: Line): void {
    const scanner = this.#scanner;
    scanner.start(line);
    scanner.skipSpaces();
    if (scanner.isAtEnd) return;
    if (this.#part === "samples") {
      if (scanner.byte === at) this.#stack();
      else if (scanner.byte === lowerT) this.#threadRow(line);
      else this.#otherRow(line);
    } else if (this.#part === "libraries") {
      this.#library(textOf(line));
    } else {
      this.#start(textOf(line));
    }
  }

  /** `@ 0x7f7059aa2630 0x7f7059aa2d21`: rows of its threads follow. */
  #stack(): void {
    this.#scanner.at++;
    this.#firstAddress.push(this.#stackAddress.length);
    for (;;) {
      const address = this.#scanner.hexadecimal();
      if (address < 0) return;
      this.#stackAddress.push(this.#numbers.numberOf(address));
    }
  }

  /** `t*: 28: 199469 [0: 0]`, and in the header `t3: 9: 290305 [0: 0] C2 CompilerThre`. */
  #threadRow(line: Line): void {
    const scanner = this.#scanner;
    scanner.at++;
    const thread = scanner.take(star) ? allThreads : scanner.decimal();
    if ((thread < 0 && thread !== allThreads) || !scanner.take(colon) || !this.#readCounts()) {
      this.#unparsedLines++;
      return;
    }
    const stack = this.#firstAddress.length - 1;
    if (stack >= 0) this.#rows.push(stack, thread, this.#counts);
    else if (thread !== allThreads) this.#nameThread(thread, line);
  }

  #nameThread(thread: number, line: Line): void {
    this.#scanner.skipSpaces();
    if (this.#scanner.isAtEnd) return;
    const start = this.#scanner.at;
    this.#threadNames.set(thread, textOf({ ...line, start }).trim());
  }

  /** `28: 199469 [0: 0]`: objects and bytes, live and ever. */
  #readCounts(): boolean {
    const scanner = this.#scanner;
    const counts = this.#counts;
    counts.inuseObjects = scanner.decimal();
    if (!scanner.take(colon)) return false;
    counts.inuseBytes = scanner.decimal();
    scanner.skipSpaces();
    if (!scanner.take(openBracket)) return false;
    counts.allocObjects = scanner.decimal();
    if (!scanner.take(colon)) return false;
    counts.allocBytes = scanner.decimal();
    if (!scanner.take(closeBracket)) return false;
    return counts.inuseObjects >= 0 && counts.inuseBytes >= 0 && counts.allocObjects >= 0 && counts.allocBytes >= 0;
  }

  /** Counts and stack of older profiles on one line, or where the samples end. */
  #otherRow(line: Line): void {
    const scanner = this.#scanner;
    if (scanner.byte >= 0x30 && scanner.byte <= 0x39 && this.#readCounts()) {
      scanner.skipSpaces();
      if (scanner.byte !== at) {
        this.#unparsedLines++;
        return;
      }
      this.#stack();
      this.#rows.push(this.#firstAddress.length - 1, allThreads, this.#counts);
      return;
    }
    if (/^\s*(?:MAPPED_LIBRARIES:|--- Memory map:)/.test(textOf(line))) this.#part = "libraries";
    else this.#unparsedLines++;
  }

  #library(text: string): void {
    const mapping = parseMapping(text.trimStart());
    if (mapping === undefined) this.#unparsedLines++;
    else if (this.#mappings.length < mostMappings) this.#mappings.push(mapping);
  }

  #start(text: string): void {
    if (this.#header(text)) return;
    if (text.startsWith("--- symbol")) this.#part = "symbols";
    else if (this.#part === "symbols") this.#symbol(text);
    else this.#unparsedLines++;
  }

  #header(text: string): boolean {
    const threaded = /^heap_v2\/(\d{1,15})/.exec(text);
    const older = /^heap profile: *(\d+): +(\d+) \[ *(\d+): +(\d+)\](?: *@ *([^/\s]*)(?:\/(\d+))?)?/.exec(text);
    if (threaded) {
      this.#sampling = { method: "poisson", periodBytes: Number(threaded[1]) };
    } else if (older) {
      const [, objects, bytes, allObjects, allBytes, type, period] = older;
      const arePairsEqual = objects === allObjects && bytes === allBytes;
      this.#format = "heap profile";
      this.#sampling = samplingOfHeader(type, Number(period ?? 0), arePairsEqual);
    } else {
      return false;
    }
    this.#part = "samples";
    return true;
  }

  /** `0x00005572be23 outer--inner`: functions that are inlined come after those that hold them. */
  #symbol(text: string): void {
    const match = /^0x([0-9a-f]{1,16})\s+(\S.*)$/.exec(text);
    if (match) this.#symbols.set(Number.parseInt(match[1]!, 16), match[2]!.split("--").reverse());
  }

  finish({ skippedLines }: LinesRead): HeapProfile {
    if (this.#sampling === undefined) {
      throw new FormatError("expected a heap profile that starts with 'heap_v2/' or 'heap profile:'", 0);
    }
    this.#firstAddress.push(this.#stackAddress.length);
    return {
      format: this.#format,
      sampling: this.#sampling,
      addresses: this.#numbers.addresses,
      firstAddress: this.#firstAddress.values,
      stackAddress: this.#stackAddress.values,
      rows: this.#rows,
      threadNames: this.#threadNames,
      mappings: this.#mappings,
      symbols: this.#symbols,
      unparsedLines: this.#unparsedLines + skippedLines,
      isCut: this.#part === "samples" && this.#symbols.size === 0,
    };
  }
}
