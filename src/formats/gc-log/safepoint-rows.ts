import type { LoggedSafepoint, LoggedStall, SafepointOperation } from "../../model/gc-log-evidence.ts";
import { hashOf, type TextSpan, textIn } from "./message-key.ts";
import { Rows } from "./rows.ts";
import { SpanHistogram } from "./span-histogram.ts";

const mostTexts = 4096;

/** Texts by number; those beyond a bound are all called `other`. */
class TextIds {
  readonly #idOf = new Map<number, number>();
  readonly texts: string[] = [];

  of(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(bytes, from, to);
    return this.#idOf.get(hash) ?? this.#learn(hash, textIn(bytes, from, Math.min(to, from + 120)));
  }

  #learn(hash: number, text: string): number {
    if (this.texts.length >= mostTexts) return this.texts.length - 1;
    const id = this.texts.push(this.texts.length === mostTexts - 1 ? "other" : text) - 1;
    this.#idOf.set(hash, id);
    return id;
  }
}

const safepoint = { operation: 0, start: 1, reach: 2, total: 3 } as const;

/** Stops of all threads, each with how long it took until they stood. */
export class SafepointRows {
  readonly #rows = new Rows(4, safepoint.total);
  readonly #names = new TextIds();
  readonly #reach = new SpanHistogram();
  readonly #sums: { count: number; totalSeconds: number; maxSeconds: number; maxStart: number }[] = [];

  add({ bytes, from, to }: TextSpan, end: number, reachSeconds: number, totalSeconds: number): void {
    const operation = this.#names.of(bytes, from, to);
    const start = end - totalSeconds;
    const row = this.#rows.push();
    this.#rows.column(safepoint.operation)[row] = operation;
    this.#rows.column(safepoint.start)[row] = start;
    this.#rows.column(safepoint.reach)[row] = reachSeconds;
    this.#rows.column(safepoint.total)[row] = totalSeconds;
    if (reachSeconds >= 0) this.#reach.add(reachSeconds);
    const sum = this.#sums[operation] ?? { count: 0, totalSeconds: 0, maxSeconds: -1, maxStart: start };
    this.#sums[operation] = sum;
    sum.count++;
    sum.totalSeconds += totalSeconds;
    if (totalSeconds <= sum.maxSeconds) return;
    sum.maxSeconds = totalSeconds;
    sum.maxStart = start;
  }

  safepoints(): readonly LoggedSafepoint[] {
    const of = (column: number, row: number) => this.#rows.column(column)[row]!;
    return Array.from({ length: this.#rows.length }, (_, row) => ({
      operation: this.#names.texts[of(safepoint.operation, row)]!,
      start: of(safepoint.start, row),
      reachSeconds: of(safepoint.reach, row),
      totalSeconds: of(safepoint.total, row),
    })).sort((a, b) => a.start - b.start);
  }

  reachFigures() {
    return this.#reach.figures();
  }

  operations(): readonly SafepointOperation[] {
    return this.#sums
      .map((sum, operation) => ({ name: this.#names.texts[operation]!, ...sum }))
      .sort((a, b) => b.totalSeconds - a.totalSeconds);
  }
}

const stall = { thread: 0, start: 1, seconds: 2 } as const;

/** Waits of single threads for memory. */
export class StallRows {
  readonly #rows = new Rows(3, stall.seconds, 1 << 14);
  readonly #threads = new TextIds();
  readonly #spans = new SpanHistogram();

  add({ bytes, from, to }: TextSpan, end: number, seconds: number): void {
    const row = this.#rows.push();
    this.#rows.column(stall.thread)[row] = this.#threads.of(bytes, from, to);
    this.#rows.column(stall.start)[row] = end - seconds;
    this.#rows.column(stall.seconds)[row] = seconds;
    this.#spans.add(seconds);
  }

  stalls(): readonly LoggedStall[] {
    const of = (column: number, row: number) => this.#rows.column(column)[row]!;
    return Array.from({ length: this.#rows.length }, (_, row) => ({
      thread: this.#threads.texts[of(stall.thread, row)]!,
      start: of(stall.start, row),
      seconds: of(stall.seconds, row),
    })).sort((a, b) => a.start - b.start);
  }

  figures() {
    return this.#spans.figures();
  }
}
