import { Float64Column, Int32Column } from "../../bytes/growable.ts";
import type { StackBuilder } from "../../bytes/stack-builder.ts";
import type { Profile, ProfileConfidence, StackTable } from "../../model/profile.ts";
import { parseFrameName } from "./frame-name.ts";

/** One sample as it is read. */
export interface SampleRow {
  readonly stack: number;
  readonly weight: number;
  readonly count?: number;
  readonly seconds?: number;
  /** −1 unknown. */
  readonly thread?: number;
  readonly line?: number;
  readonly label?: string | undefined;
}

/** Collects the samples of one profile; columns that no sample fills are left out. */
export class SampleRows {
  readonly #what: Pick<Profile, "kind" | "event" | "unit">;
  readonly #stack = new Int32Column();
  readonly #weight = new Float64Column();
  readonly #count = new Float64Column();
  readonly #seconds = new Float64Column();
  readonly #thread = new Int32Column();
  readonly #line = new Int32Column();
  readonly #label = new Int32Column();
  readonly #labels = new Map<string, number>();
  #withoutStack = 0;

  constructor(what: Pick<Profile, "kind" | "event" | "unit">) {
    this.#what = what;
  }

  get length(): number {
    return this.#stack.length;
  }

  push({ stack, weight, count = 1, seconds = Number.NaN, thread = -1, line = 0, label }: SampleRow): void {
    this.#stack.push(stack);
    this.#weight.push(weight);
    this.#count.push(count);
    this.#seconds.push(seconds);
    this.#thread.push(thread);
    this.#line.push(line);
    this.#label.push(label === undefined ? -1 : this.#labelNumber(label));
    if (stack < 0) this.#withoutStack++;
  }

  /** The profile over a table that the stacks' builder made. */
  profile(stacks: StackTable, confidence: Partial<ProfileConfidence> = {}): Profile {
    const seconds = this.#seconds.values;
    const hasTimes = seconds.length > 0 && !seconds.some(Number.isNaN);
    const rows = hasTimes ? orderOf(seconds) : undefined;
    const integers = (column: Int32Column) => picked(column.values.slice(), rows);
    const numbers = (column: Float64Column) => picked(column.values.slice(), rows);
    return {
      ...this.#what,
      stacks,
      sampleStack: integers(this.#stack),
      sampleWeight: numbers(this.#weight),
      sampleCount: numbers(this.#count),
      ...(hasTimes && { sampleSeconds: numbers(this.#seconds) }),
      ...(this.#thread.values.some((thread) => thread >= 0) && { sampleThread: integers(this.#thread) }),
      ...(this.#line.values.some((line) => line > 0) && { sampleLine: integers(this.#line) }),
      ...(this.#labels.size > 0 && { sampleLabel: integers(this.#label), labels: [...this.#labels.keys()] }),
      confidence: { samplesWithoutStack: this.#withoutStack, truncatedStacks: 0, notes: [], ...confidence },
    };
  }

  #labelNumber(label: string): number {
    const number = this.#labels.get(label) ?? this.#labels.size;
    this.#labels.set(label, number);
    return number;
  }
}

/** Rows in the order of time; undefined when they are in it. */
function orderOf(seconds: Float64Array): Int32Array | undefined {
  for (let row = 1; row < seconds.length; row++) {
    if (seconds[row]! < seconds[row - 1]!) {
      return Int32Array.from(seconds.keys()).sort((a, b) => seconds[a]! - seconds[b]! || a - b);
    }
  }
  return undefined;
}

function picked<T extends Int32Array | Float64Array>(values: T, rows: Int32Array | undefined): T {
  if (rows === undefined) return values;
  const result = values.slice() as T;
  for (let row = 0; row < rows.length; row++) result[row] = values[rows[row]!]!;
  return result;
}

/** Gives texts their frames; each is understood once. */
export function frameInterner(builder: StackBuilder): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    let frame = known.get(text);
    if (frame === undefined) {
      const { name, kind } = parseFrameName(text);
      frame = builder.frame(name, kind);
      known.set(text, frame);
    }
    return frame;
  };
}
