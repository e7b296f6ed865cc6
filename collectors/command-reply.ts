import type { Answer } from "../src/model/answer.ts";
import type { Collection } from "../src/model/collector.ts";
import { FormatError } from "../src/model/errors.ts";
import type { Labels, Metric, Sample } from "../src/model/metric.ts";
import type { Target } from "../src/model/target.ts";

/** A question to a JVM by a diagnostic command: its text, and how to read the reply. */
export interface CommandQuestion<T> {
  readonly command: string;
  readonly parse: (text: string) => T;
}

/** What the JVM replied, read; a reply that is not one to this command is an answer with a reason. */
export async function commandReply<T>(
  target: Target,
  { command, parse }: CommandQuestion<T>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const answer = await target.jcmd(command, signal);
  if (!answer.ok) return answer;
  try {
    return { ...answer, value: parse(answer.value) };
  } catch (error) {
    if (error instanceof FormatError) return { ok: false, reason: error.message, code: "failed" };
    throw error;
  }
}

/** Makes samples of what an answer told. */
export function samplerOf(answer: Extract<Answer<unknown>, { ok: true }>) {
  const { source, takenAtMillis } = answer;
  return (metric: Metric, value: number, labels: Labels = {}): Sample => ({
    metric,
    value,
    labels,
    source,
    takenAtMillis,
  });
}

/** A collection without any value, and why. */
export function nothingOf(metrics: readonly Metric[], reason: string): Collection {
  return { samples: [], missing: [{ metrics: metrics.map(({ name }) => name), reason }] };
}
