import type { RequestUsage } from "../../model/target.ts";

/** Counts requests by command and outcome. */
export class UsageCounts {
  readonly #counts = new Map<string, RequestUsage>();

  add(command: string, outcome: RequestUsage["outcome"], seconds: number, stoppedSeconds: number): void {
    // Callers choose names of commands that do not exist: there is no end of them.
    const name = this.#counts.size < mostCounts ? command : "other";
    const key = `${name} ${outcome}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, {
      command: name,
      outcome,
      requests: (before?.requests ?? 0) + 1,
      seconds: (before?.seconds ?? 0) + seconds,
      stoppedSeconds: (before?.stoppedSeconds ?? 0) + stoppedSeconds,
    });
  }

  all(): readonly RequestUsage[] {
    return [...this.#counts.values()];
  }
}

const mostCounts = 200;
