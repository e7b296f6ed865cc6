import type { Collection, Collector } from "../model/collector.ts";
import type { Target } from "../model/target.ts";
import { withSharedReadings } from "./shared-readings.ts";

/** One run of one collector: what it told, or why it told nothing. */
export interface CollectorRun {
  readonly collector: Collector;
  readonly startedAtMillis: number;
  readonly seconds: number;
  readonly collection: Collection;
  /** Undefined when it ran to its end. */
  readonly failure: string | undefined;
}

/** Collectors that did not end within their deadline and are still at it; they are not started again meanwhile. */
export type Unfinished = Set<string>;

/**
 * Runs collectors side by side, all within one deadline. One that throws or hangs costs its own samples, nobody else's; `unfinished` is
 * changed in place.
 */
export async function poll(
  target: Target,
  collectors: readonly Collector[],
  { unfinished, deadlineMillis, signal }: PollOptions,
): Promise<readonly CollectorRun[]> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMillis)]);
  const over = new Promise<"over">((resolve) => {
    deadline.addEventListener("abort", () => resolve("over"), { once: true });
  });
  const shared = withSharedReadings(target);
  const run = (collector: Collector) => runOne(shared, collector, { over, unfinished, signal: deadline });
  return Promise.all(collectors.map(run));
}

export interface PollOptions {
  readonly unfinished: Unfinished;
  readonly deadlineMillis: number;
  readonly signal: AbortSignal;
}

interface RunOptions {
  readonly over: Promise<"over">;
  readonly unfinished: Unfinished;
  readonly signal: AbortSignal;
}

async function runOne(
  target: Target,
  collector: Collector,
  { over, unfinished, signal }: RunOptions,
): Promise<CollectorRun> {
  const began = performance.now();
  const startedAtMillis = Date.now();
  const ended = (collection: Collection, failure?: string) => ({
    ...{ collector, startedAtMillis, collection, failure },
    seconds: (performance.now() - began) / 1000,
  });
  if (unfinished.has(collector.name)) return ended(nothing, "its last run has not ended yet");
  unfinished.add(collector.name);
  const running = collector.collect(target, signal).finally(() => unfinished.delete(collector.name));
  try {
    const result = await Promise.race([running, over]);
    if (result !== "over") return ended(result);
    running.catch(() => undefined);
    return ended(nothing, "it did not end in time");
  } catch (error) {
    return ended(nothing, error instanceof Error ? error.message : String(error));
  }
}

const nothing: Collection = { samples: [], missing: [] };
