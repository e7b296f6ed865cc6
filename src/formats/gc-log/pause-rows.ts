import type { LoggedPause, PauseDetail } from "../../model/gc-log-evidence.ts";
import type { Label, Labels } from "./labels.ts";
import { Rows } from "./rows.ts";
import { SpanHistogram } from "./span-histogram.ts";

const c = { gcId: 0, label: 1, start: 2, seconds: 3 } as const;
const mostDetails = 20;

/** A pause that has just ended. */
export interface EndedPause {
  readonly gcId: number;
  readonly label: Label;
  readonly start: number;
  readonly seconds: number;
}

/** Every pause, and the longest ones with what they were spent on. */
export class PauseRows {
  readonly #rows = new Rows(4, c.seconds);
  readonly #labels: Labels;
  readonly #spans = new SpanHistogram();
  readonly #details: PauseDetail[] = [];
  full = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  get omitted(): number {
    return this.#rows.omitted;
  }

  /** `nestedSeconds`: of a pause within it, which was added before. */
  add({ gcId, label, start, seconds }: EndedPause, nestedSeconds: number, phasesOf: () => PauseDetail["phases"]): void {
    const row = this.#rows.push();
    this.#rows.column(c.gcId)[row] = gcId;
    this.#rows.column(c.label)[row] = label.id;
    this.#rows.column(c.start)[row] = start;
    this.#rows.column(c.seconds)[row] = seconds;
    this.#spans.add(seconds);
    this.#spans.subtractFromTotal(nestedSeconds);
    if (label.isFull) this.full++;
    const least = this.#details.at(-1)?.pause.seconds ?? -1;
    if (this.#details.length >= mostDetails && seconds <= least) return;
    this.#details.push({ pause: this.#pause(row), phases: phasesOf() });
    this.#details.sort((a, b) => b.pause.seconds - a.pause.seconds);
    if (this.#details.length > mostDetails) this.#details.pop();
  }

  #pause(row: number): LoggedPause {
    const start = this.#rows.column(c.start)[row]!;
    const seconds = this.#rows.column(c.seconds)[row]!;
    const { name } = this.#labels.at(this.#rows.column(c.label)[row]!);
    return { gcId: this.#rows.column(c.gcId)[row]!, name, start, end: start + seconds, seconds };
  }

  pauses(): readonly LoggedPause[] {
    return Array.from({ length: this.#rows.length }, (_, row) => this.#pause(row)).sort((a, b) => a.start - b.start);
  }

  figures() {
    return this.#spans.figures();
  }

  details(): readonly PauseDetail[] {
    return this.#details;
  }
}
