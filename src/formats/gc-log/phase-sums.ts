import type { LoggedPhase } from "../../model/gc-log-evidence.ts";
import { hashOf, type TextSpan, textIn } from "./message-key.ts";

const mostPhases = 1024;
/** Phases of one pause are logged together. */
const remembered = 256;

interface PhaseSum {
  readonly name: string;
  readonly isConcurrent: boolean;
  count: number;
  total: number;
  max: number;
}

/** Phases of collections by name, and the last ones one by one. */
export class PhaseSums {
  readonly #idOf = new Map<number, number>();
  readonly #sums: PhaseSum[] = [];
  readonly #lastPhase = new Int32Array(remembered);
  readonly #lastGcId = new Float64Array(remembered).fill(-1);
  readonly #lastSeconds = new Float64Array(remembered);
  #next = 0;

  /** A phase whose name is this part of a line. */
  add({ bytes, from, to }: TextSpan, phase: PhaseTime): void {
    const hash = hashOf(bytes, from, to) ^ (phase.isConcurrent ? 1 : 0);
    const id = this.#idOf.get(hash) ?? this.#learn(hash, textIn(bytes, from, Math.min(to, from + 100)), phase);
    if (id >= 0) this.#count(id, phase);
  }

  #learn(hash: number, name: string, { isConcurrent }: PhaseTime): number {
    if (this.#sums.length >= mostPhases) return -1;
    const id = this.#sums.push({ name: name.trim(), isConcurrent, count: 0, total: 0, max: 0 }) - 1;
    this.#idOf.set(hash, id);
    return id;
  }

  #count(id: number, { gcId, seconds, isConcurrent }: PhaseTime): void {
    const sum = this.#sums[id]!;
    sum.count++;
    sum.total += seconds;
    if (seconds > sum.max) sum.max = seconds;
    if (isConcurrent) return;
    const slot = this.#next++ % remembered;
    this.#lastPhase[slot] = id;
    this.#lastGcId[slot] = gcId;
    this.#lastSeconds[slot] = seconds;
  }

  /** Phases of a pause that has just ended, longest first. */
  phasesOf(gcId: number, most: number): readonly { readonly name: string; readonly seconds: number }[] {
    const phases: { name: string; seconds: number }[] = [];
    for (let slot = 0; slot < remembered; slot++) {
      if (this.#lastGcId[slot] !== gcId) continue;
      phases.push({ name: this.#sums[this.#lastPhase[slot]!]!.name, seconds: this.#lastSeconds[slot]! });
    }
    return phases.sort((a, b) => b.seconds - a.seconds).slice(0, most);
  }

  /** Another JVM counts its collections from 0 again. */
  forget(): void {
    this.#lastGcId.fill(-1);
  }

  phases(): readonly LoggedPhase[] {
    return this.#sums.filter(({ count }) => count > 0).sort((a, b) => b.total - a.total);
  }
}

/** How long a phase took, and whether the program ran meanwhile. */
export interface PhaseTime {
  readonly gcId: number;
  readonly seconds: number;
  readonly isConcurrent: boolean;
}
