import { labelsKey } from "../model/labels-key.ts";
import type { Labels, Metric, Sample } from "../model/metric.ts";

/** How many series one JVM may have; what is more is rolled up, or dropped and counted. */
export interface SeriesLimits {
  /** Sets of labels of one metric. */
  readonly seriesPerMetric: number;
  /** Values of all metrics of one target. */
  readonly seriesPerTarget: number;
}

export const defaultSeriesLimits: SeriesLimits = { seriesPerMetric: 200, seriesPerTarget: 2_000 };

/** The value that every label of a roll-up has. */
const rollUpLabel = "other";

/** A series that is shown keeps its place until another is bigger by this factor, so that near-equals do not take turns. */
const staying = 1.1;

/** What is remembered of a metric that once did not fit, so that the roll-up of a counter never falls. */
interface Overflow {
  /** The last total of every series, shown or not. */
  readonly totals: Map<string, number>;
  shown: ReadonlySet<string>;
  hidden: ReadonlySet<string>;
  /** What the roll-up of a counter has come to. */
  rolledUp: number;
}

/**
 * Keeps the series of one target within limits. The biggest are shown. The others become one, whose labels all say `other`: their sum for
 * counters and updowncounters; gauges have no sum, and are dropped. Equal values go by their labels, so the same input gives the same series.
 */
export class SeriesLimiter {
  readonly #limits: SeriesLimits;
  readonly #overflows = new Map<string, Overflow>();
  readonly #observed = new Map<string, Set<string>>();
  #dropped = 0;

  constructor(limits: SeriesLimits = defaultSeriesLimits) {
    this.#limits = limits;
  }

  /** Series that went into a roll-up or were dropped; one that comes and goes counts each time. */
  get droppedSeries(): number {
    return this.#dropped;
  }

  /** The samples to show of everything that is known now. */
  limit(samples: readonly Sample[]): readonly Sample[] {
    if (this.#overflows.size === 0 && this.#fits(samples)) return samples;
    const { seriesPerMetric, seriesPerTarget } = this.#limits;
    const groups = groupByMetric(samples);
    const counts = [...groups.values()].map((group) => Math.min(group.length, seriesPerMetric));
    const cap = Math.min(seriesPerMetric, fairShare(counts, seriesPerTarget));
    return [...groups].flatMap(([name, group]) => {
      if (group.length > cap) return this.#rollUp(name, group, cap);
      const overflow = this.#overflows.get(name);
      if (overflow !== undefined) rememberTotals(overflow, group);
      return group;
    });
  }

  #fits(samples: readonly Sample[]): boolean {
    const { seriesPerMetric, seriesPerTarget } = this.#limits;
    if (samples.length > seriesPerTarget) return false;
    const counts = new Map<string, number>();
    for (const { metric } of samples) {
      const count = (counts.get(metric.name) ?? 0) + 1;
      if (count > seriesPerMetric) return false;
      counts.set(metric.name, count);
    }
    return true;
  }

  /** The labels under which to count an observation of a histogram. */
  labelsOf(observation: Sample): Labels {
    const { metric, labels } = observation;
    const known = this.#observed.get(metric.name) ?? new Set();
    this.#observed.set(metric.name, known);
    const key = labelsKey(labels);
    if (known.has(key)) return labels;
    if (known.size < this.#limits.seriesPerMetric - 1) {
      known.add(key);
      return labels;
    }
    this.#dropped++;
    return rollUpLabels(metric);
  }

  #rollUp(name: string, group: readonly Sample[], cap: number): readonly Sample[] {
    const overflow = this.#overflows.get(name) ?? newOverflow();
    this.#overflows.set(name, overflow);
    const metric = group[0]!.metric;
    const isSummed = metric.kind !== "gauge";
    const ranked = rank(group, overflow.shown);
    const fitting = isSummed ? ranked.filter(({ isRollUp }) => !isRollUp) : ranked;
    const shown = fitting.slice(0, isSummed ? cap - 1 : cap);
    overflow.shown = new Set(shown.map(({ key }) => key));
    const hidden = ranked.filter(({ key }) => !overflow.shown.has(key));
    this.#dropped += hidden.filter(({ key }) => !overflow.hidden.has(key)).length;
    overflow.hidden = new Set(hidden.map(({ key }) => key));
    overflow.rolledUp += sumOf(hidden, (key, value) => increaseOf(overflow, key, value));
    rememberTotals(overflow, group);
    const samples = shown.map(({ sample }) => sample);
    if (!isSummed) return samples;
    const value = metric.kind === "counter" ? overflow.rolledUp : sumOf(hidden, (_key, total) => total);
    return [...samples, { ...hidden[0]!.sample, labels: rollUpLabels(metric), value }];
  }
}

interface Ranked {
  readonly sample: Sample;
  readonly key: string;
  /** A collector's own roll-up, which ours takes in. */
  readonly isRollUp: boolean;
}

function rank(group: readonly Sample[], shownBefore: ReadonlySet<string>): readonly Ranked[] {
  const ranked = group.map((sample) => {
    const key = labelsKey(sample.labels);
    const values = Object.values(sample.labels);
    const isRollUp = values.length > 0 && values.every((value) => value === rollUpLabel);
    return { sample, key, isRollUp, weight: sample.value * (shownBefore.has(key) ? staying : 1) };
  });
  return ranked.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
}

function newOverflow(): Overflow {
  return { totals: new Map(), shown: new Set(), hidden: new Set(), rolledUp: 0 };
}

/** What a counter has grown by since the last time, so that a series that moves into the roll-up does not bring its whole past. */
function increaseOf(overflow: Overflow, key: string, total: number): number {
  const before = overflow.totals.get(key) ?? 0;
  return total >= before ? total - before : total;
}

function sumOf(ranked: readonly Ranked[], term: (key: string, value: number) => number): number {
  return ranked.reduce((sum, { key, sample }) => sum + term(key, sample.value), 0);
}

function rememberTotals(overflow: Overflow, group: readonly Sample[]): void {
  overflow.totals.clear();
  for (const { labels, value } of group) overflow.totals.set(labelsKey(labels), value);
}

function groupByMetric(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const group = groups.get(sample.metric.name);
    if (group === undefined) groups.set(sample.metric.name, [sample]);
    else group.push(sample);
  }
  return groups;
}

/** The most series that each may have so that all are within the limit: those with few give what they leave to those with many. */
function fairShare(counts: readonly number[], limit: number): number {
  let left = limit;
  const ascending = [...counts].sort((a, b) => a - b);
  for (const [index, count] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (count > share) return Math.max(1, share);
    left -= count;
  }
  return Number.POSITIVE_INFINITY;
}

function rollUpLabels(metric: Metric): Labels {
  return Object.fromEntries(metric.labels.map((label) => [label, rollUpLabel]));
}
