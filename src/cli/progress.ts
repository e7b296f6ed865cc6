import { writeSync } from "node:fs";
import { formatDuration } from "../model/format-number.ts";
import type { Progress } from "../model/progress.ts";

const quietMillis = 500;
const pauseMillis = 100;
const barColumns = 24;

/** A line on the terminal that says what is going on; `clear` takes it away again. */
export interface ProgressLine {
  readonly update: Progress;
  clear(): void;
}

/** Where a progress line is drawn and what time it is there; tests give their own. */
export interface ProgressPlace {
  write(text: string): void;
  now(): number;
  readonly columns: number;
}

/** Nothing: for output that is not a terminal. */
export const noProgress: ProgressLine = { update: () => {}, clear: () => {} };

/** The line on stderr, written synchronously since the work between two updates is. */
export function stderrProgress(): ProgressLine {
  return progressLine({
    write: writeIfPossible,
    now: () => performance.now(),
    columns: process.stderr.columns ?? 80,
  });
}

/** A line that appears when the work takes longer than half a second, and changes at most ten times a second. */
export function progressLine({ write, now, columns }: ProgressPlace): ProgressLine {
  const began = now();
  let phase = "";
  let phaseBegan = began;
  let drawnAt = began + quietMillis - pauseMillis;
  let isDrawn = false;
  return {
    update(name, done, total) {
      const time = now();
      if (name !== phase) {
        phase = name;
        phaseBegan = time;
      }
      if (time - drawnAt < pauseMillis) return;
      drawnAt = time;
      isDrawn = true;
      write(`\r${lineOf(name, done, total, time - phaseBegan).slice(0, columns - 1)}\u001b[K\r`);
    },
    clear() {
      if (isDrawn) write("\r\u001b[K");
      isDrawn = false;
    },
  };
}

function lineOf(phase: string, done: number, total: number, millis: number): string {
  if (total <= 0) return `${phase} …`;
  const ratio = Math.min(1, Math.max(0, done / total));
  const full = Math.round(ratio * barColumns);
  const bar = `${"█".repeat(full)}${"░".repeat(barColumns - full)}`;
  return `${phase.padEnd(18)} ${bar} ${String(Math.floor(ratio * 100)).padStart(3)} %${remaining(ratio, millis)}`;
}

/** An estimate, once there is enough to base it on. */
function remaining(ratio: number, millis: number): string {
  if (ratio < 0.03 || millis < quietMillis || ratio === 1) return "";
  return `  about ${formatDuration((millis * (1 - ratio)) / ratio / 1000)} left`;
}

/** A terminal that is gone or busy must not end the analysis. */
function writeIfPossible(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // nothing to show it on
  }
}
