import type { RequestUsage } from "../../model/target.ts";
import type { Refusal } from "./no-answer.ts";

/** Adds up what the requests to one agent came to, and cost the JVM. */
export class MBeanUsage {
  readonly #stoppedSeconds: () => number | undefined;
  readonly #byOutcome = new Map<RequestUsage["outcome"], RequestUsage>();

  /** `stoppedSeconds`: how long the JVM's threads have been stopped in all, by its own counter; undefined where that is not known. */
  constructor(stoppedSeconds: () => number | undefined) {
    this.#stoppedSeconds = stoppedSeconds;
  }

  /** Begins one request; the function that is given back ends it. */
  begin(): (outcome: RequestUsage["outcome"]) => void {
    const begunMillis = performance.now();
    const stoppedBefore = this.#stoppedSeconds();
    return (outcome) => {
      const stoppedAfter = this.#stoppedSeconds();
      const before = this.#byOutcome.get(outcome);
      const stopped = stoppedBefore === undefined || stoppedAfter === undefined ? 0 : stoppedAfter - stoppedBefore;
      this.#byOutcome.set(outcome, {
        command: "mbeans",
        outcome,
        requests: (before?.requests ?? 0) + 1,
        seconds: (before?.seconds ?? 0) + (performance.now() - begunMillis) / 1000,
        stoppedSeconds: (before?.stoppedSeconds ?? 0) + stopped,
      });
    };
  }

  list(): readonly RequestUsage[] {
    return [...this.#byOutcome.values()];
  }
}

export function outcomeOf({ code }: Refusal): RequestUsage["outcome"] {
  if (code === "timeout") return "timeout";
  return code === "denied" || code === "forbidden" ? "refused" : "failed";
}
