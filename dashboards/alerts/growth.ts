import { processUptime } from "../metrics.ts";
import { prometheusLabel } from "../prometheus-name.ts";
import { selectIn } from "../promql.ts";
import type { Pace } from "./rule.ts";

const select = selectIn();

/** How much a floor must have risen over three hours to be told. */
export interface Growth {
  readonly pace: Pace;
  /** An expression whose value cannot go up for a moment only: the least value of the last hour. */
  readonly floor: string;
  /** In the floor's unit. */
  readonly atLeast: number;
  /** Of what it was three hours ago. */
  readonly atLeastShare: number;
  /** The metric's own labels that the floor has. */
  readonly labels?: readonly string[];
}

/**
 * How much the floor rose in three hours, where it rose in each of them and is still at it: what warms up comes to rest, what swings
 * comes down again, and what leaks does neither. Nothing in the first hours of a process.
 */
export function steadyGrowth({ pace, floor, atLeast, atLeastShare, labels }: Growth): string {
  const ago = (hours: number) => `${floor} offset ${pace.span(hours * 60)}`;
  return `(${floor} - ${ago(3)}) > ${atLeast}
and (${floor} - ${ago(3)}) > ${atLeastShare} * (${ago(3)})
and (${floor} - ${ago(1)}) > 0.15 * (${floor} - ${ago(3)})
and (${ago(1)}) > (${ago(2)})
and (${ago(2)}) > (${ago(3)})
${unlessYoungerThan(pace, 240, labels)}`;
}

/** Leaves out processes that began a short time ago, where their age is known. */
export function unlessYoungerThan(pace: Pace, minutes: number, labels: readonly string[] = []): string {
  return `unless ${ignoring(labels)}${select(processUptime)} < ${pace.seconds(minutes)}`;
}

/** For a vector operator between series with these labels and series without. */
export function ignoring(labels: readonly string[]): string {
  return labels.length === 0 ? "" : `ignoring (${labels.map(prometheusLabel).join(", ")}) `;
}
