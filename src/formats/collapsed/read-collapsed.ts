import type { ByteSource } from "../../bytes/byte-source.ts";
import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import { FormatError } from "../../model/errors.ts";
import type { Profile, ProfileSet } from "../../model/profile.ts";
import { FrameBytes } from "../frames/frame-bytes.ts";
import { parseFrameName } from "../frames/frame-name.ts";
import { ThreadNames } from "../frames/thread-names.ts";
import { headLines, type Line, readLines } from "../lines/read-lines.ts";
import { eventsOf } from "./events.ts";
import { layoutOf } from "./layout.ts";
import { LineValues, type ValueLayout } from "./values.ts";

const semicolon = 0x3b;
const hash = 0x23;
const decoder = new TextDecoder();

/** Reads collapsed stacks; several values per line are several profiles. What the values mean, the file does not say. */
export function readCollapsed(source: ByteSource): ProfileSet {
  const head = new Uint8Array(Math.min(64 * 1024, source.sizeBytes));
  const lines = headLines(head.subarray(0, source.read(0, head)), 400) ?? [];
  const layout = layoutOf(lines);
  if (layout === undefined) {
    throw new FormatError(
      `expected lines of collapsed stacks such as 'a;b;c 12', got '${(lines[0] ?? "").slice(0, 60)}'`,
      0,
    );
  }
  const stacks = new CollapsedStacks(layout);
  const { lines: lineCount, skippedLines } = readLines(source, (line) => stacks.add(line));
  if (stacks.isEmpty) throw new FormatError(`expected collapsed stacks, got none in ${lineCount} lines`, 0);
  return stacks.profileSet(skippedLines);
}

/** Collects the stacks of a file line by line; sorted lines share their beginning with the line before, which is not read twice. */
class CollapsedStacks {
  readonly #layout: ValueLayout;
  readonly #builder = new StackBuilder();
  readonly #frames = new FrameBytes();
  readonly #threads = new ThreadNames();
  /** Frame of the builder by number of the text; −1 not known yet, −2 − thread for a thread's frame. */
  readonly #frameOf: number[] = [];
  readonly #values: LineValues;
  readonly #sampleStack = new Int32Column();
  readonly #sampleThread = new Int32Column();
  readonly #columns: Float64Column[] = [];
  #previous = new Uint8Array(1 << 12);
  #previousLength = 0;
  /** Of the previous line, by depth: where the frame ends, and the stack up to it. */
  readonly #frameEnds: number[] = [];
  readonly #stacks: number[] = [];
  #thread = -1;
  #unparsedLines = 0;
  #firstUnparsed = 0;

  constructor(layout: ValueLayout) {
    this.#layout = layout;
    this.#values = new LineValues(layout);
  }

  get isEmpty(): boolean {
    return this.#sampleStack.length === 0;
  }

  add(line: Line): void {
    const { bytes, start, end } = line;
    if (end === start || bytes[start] === hash) return;
    const values = this.#values;
    const isFirst = this.#columns.length === 0;
    if (!values.parse(bytes, start, end) || (!isFirst && values.count !== this.#columns.length)) {
      this.#unparsedLines++;
      this.#firstUnparsed ||= line.number;
      return;
    }
    for (let column = 0; isFirst && column < values.count; column++) this.#columns.push(new Float64Column());
    this.#sampleStack.push(this.#stackOf(bytes, start, values.pathEnd));
    this.#sampleThread.push(this.#thread);
    for (let column = 0; column < values.count; column++) this.#columns[column]!.push(values.values[column]!);
  }

  #stackOf(bytes: Uint8Array, start: number, end: number): number {
    let depth = this.#sharedDepth(bytes, start, end);
    let from = depth === 0 ? start : start + this.#frameEnds[depth - 1]! + 1;
    let stack = depth === 0 ? noStack : this.#stacks[depth - 1]!;
    if (depth === 0) this.#thread = -1;
    while (from <= end) {
      const found = bytes.indexOf(semicolon, from);
      const to = found < 0 || found > end ? end : found;
      if (to > from) stack = this.#call(stack, bytes, from, to);
      this.#frameEnds[depth] = to - start;
      this.#stacks[depth++] = stack;
      from = to + 1;
    }
    this.#frameEnds.length = depth;
    this.#stacks.length = depth;
    this.#keep(bytes, start, end);
    return stack;
  }

  /** Frames at the root's end that the line has in common with the one before. */
  #sharedDepth(bytes: Uint8Array, start: number, end: number): number {
    const length = Math.min(this.#previousLength, end - start);
    const previous = this.#previous;
    let equal = 0;
    while (equal < length && previous[equal] === bytes[start + equal]) equal++;
    const isAtEnd = (index: number) => index === end - start || bytes[start + index] === semicolon;
    let depth = 0;
    while (depth < this.#frameEnds.length && this.#frameEnds[depth]! <= equal) {
      if (!isAtEnd(this.#frameEnds[depth]!)) break;
      depth++;
    }
    return depth;
  }

  #call(stack: number, bytes: Uint8Array, start: number, end: number): number {
    const text = this.#frames.numberOf(bytes, start, end);
    const frame = this.#frameOf[text] ?? this.#understand(text, decoder.decode(bytes.subarray(start, end)));
    if (frame >= 0) return this.#builder.call(stack, frame);
    if (stack === noStack) this.#thread = -2 - frame;
    return stack;
  }

  /** What a text stands for, from now on. */
  #understand(number: number, text: string): number {
    const thread = this.#threads.ofFrame(text);
    const { name, kind } = parseFrameName(text);
    const frame = thread === undefined ? this.#builder.frame(name, kind) : -2 - thread;
    this.#frameOf[number] = frame;
    return frame;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > this.#previous.length) this.#previous = new Uint8Array((end - start) * 2);
    this.#previous.set(bytes.subarray(start, end));
    this.#previousLength = end - start;
  }

  profileSet(skippedLines: number): ProfileSet {
    const table = this.#builder.table();
    const sampleStack = this.#sampleStack.values.slice();
    const sampleThread = this.#sampleThread.values.slice();
    const losses = lossNotes(this.#unparsedLines + skippedLines, this.#firstUnparsed);
    const profiles = this.#columns.map((column, index): Profile => {
      const sampleWeight = column.values.slice();
      const { sampleCount, notes } = eventsOf(sampleWeight);
      return {
        kind: "unknown",
        event: eventName(this.#layout, index),
        unit: "count",
        stacks: table,
        sampleStack,
        sampleWeight,
        sampleCount,
        ...(this.#threads.threads.length > 0 && { sampleThread }),
        confidence: {
          samplesWithoutStack: sampleStack.reduce((sum, stack) => sum + (stack < 0 ? 1 : 0), 0),
          truncatedStacks: 0,
          notes: [...losses, ...notes],
        },
      };
    });
    return { profiles, threads: this.#threads.threads, startMillis: undefined, durationSeconds: undefined };
  }
}

function eventName(layout: ValueLayout, index: number): string {
  if (layout === "one") return "samples";
  if (layout === "two") return index === 0 ? "before" : "after";
  return `value ${index + 1}`;
}

function lossNotes(lines: number, first: number): readonly string[] {
  if (lines === 0) return [];
  const where = first > 0 ? `, the first is line ${first}` : "";
  return [`${lines} ${lines === 1 ? "line is" : "lines are"} no collapsed stack and not in these numbers${where}`];
}
