import type { TierStatus } from "../../model/jvm-source.ts";
import { type Failure, failure } from "../attach/outcome.ts";
import { GrowingPause } from "../growing-pause.ts";
import type { RequestLimits } from "./request-limits.ts";

/** Leaves a JVM alone after a failure, for a time that doubles with each failure in a row. */
export class CircuitBreaker {
  readonly #pause: GrowingPause;
  #last: Failure | undefined;
  #lastOkMillis: number | undefined;

  constructor({ suspendMillis, maxSuspendMillis }: Pick<RequestLimits, "suspendMillis" | "maxSuspendMillis">) {
    this.#pause = new GrowingPause({ failures: 1, firstMillis: suspendMillis, longestMillis: maxSuspendMillis });
  }

  /** Why nothing may be asked now. */
  whyOpen(nowMillis: number): Failure | undefined {
    const leftMillis = this.#pause.leftMillis(nowMillis);
    if (this.#last === undefined || leftMillis === 0) return undefined;
    const seconds = Math.ceil(leftMillis / 1000);
    return failure(this.#last.code, `${this.#last.reason}; not asked again for ${seconds} s`);
  }

  /** Whether the next request is the first after a failure: it should be a cheap one. */
  isOnTrial(): boolean {
    return this.#last?.suspends ?? false;
  }

  succeed(nowMillis: number): void {
    this.#pause.succeed();
    this.#last = undefined;
    this.#lastOkMillis = nowMillis;
  }

  fail(why: Failure, nowMillis: number): void {
    this.#last = why;
    if (why.suspends) this.#pause.fail(nowMillis);
  }

  status(nowMillis: number): TierStatus {
    const lastOkMillis = this.#lastOkMillis;
    if (this.#last === undefined) {
      return { tier: "attach", state: lastOkMillis === undefined ? "unknown" : "ok", detail: "", lastOkMillis };
    }
    const open = this.whyOpen(nowMillis);
    return { tier: "attach", state: stateOf(this.#last, open), detail: (open ?? this.#last).reason, lastOkMillis };
  }
}

function stateOf(last: Failure, open: Failure | undefined): TierStatus["state"] {
  if (last.code === "absent" || last.code === "denied") return last.code;
  return open === undefined ? "failing" : "suspended";
}
