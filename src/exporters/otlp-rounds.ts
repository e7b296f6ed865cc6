import type { PushMetricExporter, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { OtlpTarget } from "./otlp-target.ts";

/** A target that is gone has its last values sent once; of more than this many at a time, the first to go are not. */
const mostLeaving = 100;

interface Queued {
  readonly target: OtlpTarget;
  isLeaving: boolean;
}

/** How pushing goes. */
export interface OtlpStatus {
  readonly exports: number;
  readonly failures: number;
  readonly lastSuccessMillis: number | undefined;
  /** Of the last export, while none has succeeded since. */
  readonly problem: string | undefined;
}

/**
 * Sends targets one after the other, round by round. There is one round at a time, and it ends with its time or with the first sign that
 * the endpoint cannot take anything now; those that were not reached come first in the next.
 */
export class OtlpRounds {
  readonly #exporter: PushMetricExporter;
  readonly #queue = new Map<string, Queued>();
  #running: Promise<void> | undefined;
  #status: OtlpStatus = { exports: 0, failures: 0, lastSuccessMillis: undefined, problem: undefined };

  constructor(exporter: PushMetricExporter) {
    this.#exporter = exporter;
  }

  get status(): OtlpStatus {
    return this.#status;
  }

  targetOf(key: string): OtlpTarget | undefined {
    const queued = this.#queue.get(key);
    return queued?.isLeaving === false ? queued.target : undefined;
  }

  add(key: string, target: OtlpTarget): void {
    this.#queue.set(key, { target, isLeaving: false });
  }

  leave(key: string): void {
    const queued = this.#queue.get(key);
    if (queued !== undefined) queued.isLeaving = true;
    const leaving = [...this.#queue].filter(([, { isLeaving }]) => isLeaving);
    for (const [first] of leaving.slice(0, -mostLeaving)) this.#queue.delete(first);
  }

  /** One round, or the one that is under way. */
  run(signal: AbortSignal): Promise<void> {
    this.#running ??= this.#round(signal).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** One round with all that is known now, after the one that may be under way. */
  async runAgain(signal: AbortSignal): Promise<void> {
    await this.#running;
    await this.run(signal);
  }

  async #round(signal: AbortSignal): Promise<void> {
    for (const [key, queued] of [...this.#queue]) {
      if (signal.aborted) return;
      const mayGoOn = await this.#send(queued.target, signal);
      if (this.#queue.get(key) === queued) this.#queue.delete(key);
      if (!queued.isLeaving && !this.#queue.has(key)) this.#queue.set(key, queued);
      if (!mayGoOn) return;
    }
  }

  async #send(target: OtlpTarget, signal: AbortSignal): Promise<boolean> {
    const batch = target.batch();
    if (batch === undefined) return true;
    const failure = await exported(this.#exporter, batch.resourceMetrics, signal);
    const { exports, failures } = this.#status;
    if (failure === undefined) {
      batch.sent();
      this.#status = { exports: exports + 1, failures, lastSuccessMillis: Date.now(), problem: undefined };
      return true;
    }
    batch.failed();
    this.#status = { ...this.#status, exports: exports + 1, failures: failures + 1, problem: failure.reason };
    return failure.isOfData;
  }
}

interface Failure {
  readonly reason: string;
  /** Whether the endpoint refuses these data, and may take others. */
  readonly isOfData: boolean;
}

/** Undefined when it arrived. What the signal ends goes on in the exporter, which limits how many do. */
function exported(
  exporter: PushMetricExporter,
  metrics: ResourceMetrics,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ reason: "no answer within the time of a round", isOfData: false });
    signal.addEventListener("abort", giveUp, { once: true });
    exporter.export(metrics, ({ code, error }) => {
      signal.removeEventListener("abort", giveUp);
      resolve(code === 0 ? undefined : failureOf(error));
    });
  });
}

/** HTTP 400 and 413, and gRPC's INVALID_ARGUMENT, are about what was sent. */
const codesOfData: readonly unknown[] = [400, 413, 3];

function failureOf(error: Error | undefined): Failure {
  const code = error !== undefined && "code" in error ? error.code : undefined;
  const message = error?.message || "refused";
  const known = code === undefined || message.includes(String(code)) ? message : `${message} (${code})`;
  return { reason: known, isOfData: codesOfData.includes(code) };
}
