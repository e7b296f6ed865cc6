import type { ByteSource } from "../../bytes/byte-source.ts";
import { StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { ProfileSet } from "../../model/profile.ts";
import { frameInterner, SampleRows } from "../frames/sample-rows.ts";
import { ThreadNames } from "../frames/thread-names.ts";
import { kindOfValue, unitScaleOf } from "../frames/value-kind.ts";
import { readLines, textOf } from "../lines/read-lines.ts";

/** `--- 61460000000 ns (49.51%), 6146 samples` */
export const traceHeader = /^--- (\d+) ([\w-]+) \(([\d.]+)%\), (\d+) samples?$/;
/** `         ns  percent  samples  top`: after it, one line per method. */
export const flatHeader = /^\s+([\w-]+)\s+percent\s+samples\s+top\s*$/;
/** `  [ 3] java.lang.Thread.run` */
const traceFrame = /^\s+\[\s*(\d+)\] (.*)$/;
const flatRow = /^\s+(\d+)\s+[\d.]+%\s+(\d+)\s{2}(.*)$/;
const summary = /^(Total samples|[\w .-]+?)\s*: (\d+)(?: \([\d.]+%\))?$/;

/** Reads traces; where there are none, the flat table, as stacks of one frame. */
export function readAsyncText(source: ByteSource): ProfileSet {
  const text = new AsyncText();
  const { lines } = readLines(source, (line) => text.add(textOf(line), line.number));
  const set = text.profileSet();
  if (set === undefined)
    throw new FormatError(`expected traces or a flat table of async-profiler, got none in ${lines} lines`, 0);
  return set;
}

interface Trace {
  readonly weight: number;
  readonly count: number;
  /** Leaf first. */
  readonly frames: string[];
}

class AsyncText {
  readonly #builder = new StackBuilder();
  readonly #frameOf = frameInterner(this.#builder);
  readonly #threads = new ThreadNames();
  #unitName = "samples";
  #traceRows: SampleRows | undefined;
  #flatRows: SampleRows | undefined;
  #trace: Trace | undefined;
  #isInFlat = false;
  #unparsedLines = 0;
  #firstUnparsed = 0;

  add(text: string, lineNumber: number): void {
    if (text.trim() === "") {
      this.#endTrace();
      return;
    }
    const isKnown = this.#addHeader(text) || this.#addFrame(text) || this.#addFlat(text) || isDecoration(text);
    if (isKnown) return;
    this.#unparsedLines++;
    this.#firstUnparsed ||= lineNumber;
  }

  #addHeader(text: string): boolean {
    const flat = flatHeader.exec(text);
    const match = traceHeader.exec(text);
    if (flat) {
      this.#endTrace();
      this.#isInFlat = true;
      this.#unitName = flat[1]!;
      this.#flatRows ??= this.#rows();
      return true;
    }
    if (!match) return false;
    this.#endTrace();
    this.#isInFlat = false;
    this.#unitName = match[2]!;
    this.#traceRows ??= this.#rows();
    this.#trace = { weight: Number(match[1]) * this.#factor, count: Number(match[4]), frames: [] };
    return true;
  }

  #addFrame(text: string): boolean {
    const match = traceFrame.exec(text);
    if (!match || this.#trace === undefined) return false;
    this.#trace.frames.push(match[2]!);
    return true;
  }

  #addFlat(text: string): boolean {
    const match = this.#isInFlat ? flatRow.exec(text) : undefined;
    if (!match) return false;
    const stack = this.#builder.stack([this.#frameOf(match[3]!)]);
    this.#flatRows!.push({ stack, weight: Number(match[1]) * this.#factor, count: Number(match[2]) });
    return true;
  }

  #endTrace(): void {
    const trace = this.#trace;
    if (trace === undefined) return;
    this.#trace = undefined;
    const outermost = trace.frames.at(-1);
    const thread = outermost === undefined ? undefined : this.#threads.ofFrame(outermost);
    const frames = thread === undefined ? trace.frames : trace.frames.slice(0, -1);
    const stack = this.#builder.stack(frames.toReversed().map((frame) => this.#frameOf(frame)));
    this.#traceRows!.push({ stack, weight: trace.weight, count: trace.count, thread: thread ?? -1 });
  }

  get #factor(): number {
    return unitScaleOf(this.#unitName).factor;
  }

  #rows(): SampleRows {
    const { unit } = unitScaleOf(this.#unitName);
    const kind = unit === "bytes" ? "alloc" : kindOfValue(this.#unitName);
    return new SampleRows({ kind, event: this.#unitName, unit });
  }

  profileSet(): ProfileSet | undefined {
    this.#endTrace();
    const rows = this.#traceRows ?? this.#flatRows;
    if (rows === undefined || rows.length === 0) return undefined;
    const notes = [
      ...(this.#traceRows === undefined ? ["the file holds the flat table alone: there are no callers"] : []),
      ...(this.#unparsedLines > 0
        ? [
            `${this.#unparsedLines} lines were not understood and are not in these numbers, the first is line ${this.#firstUnparsed}`,
          ]
        : []),
    ];
    return {
      profiles: [rows.profile(this.#builder.table(), { notes })],
      threads: this.#threads.threads,
      startMillis: undefined,
      durationSeconds: undefined,
    };
  }
}

function isDecoration(text: string): boolean {
  return text === "--- Execution profile ---" || summary.test(text) || /^[\s-]+$/.test(text);
}
