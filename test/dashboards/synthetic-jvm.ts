import { catalogue } from "../../dashboards/catalogue.ts";
import { gcDuration } from "../../dashboards/metrics.ts";
import { prometheusLabel, prometheusName } from "../../dashboards/prometheus-name.ts";
import type { Labels, Metric } from "../../src/model/metric.ts";
import { type At, behaviourOf, mib, type Part } from "./synthetic-behaviour.ts";
import { type CollectorKind, type GcSeries, gcOf } from "./synthetic-gc.ts";

/** One series as Prometheus stores it, as a function of time. */
export interface SyntheticSeries {
  readonly name: string;
  readonly labels: Labels;
  /** Undefined: there is no value then. */
  at(seconds: number): number | undefined;
}

/** Which JVM it is, and since when it runs, in seconds of the scenario: negative for one that began before. */
export interface JvmIdentity {
  readonly kind: CollectorKind;
  readonly service: string;
  readonly pid: string;
  readonly startedAt: number;
}

/** Every metric of the catalogue, as a healthy JVM under load has it, from its warm-up on. */
export function healthyJvm(identity: JvmIdentity): readonly SyntheticSeries[] {
  const behaviour = behaviourOf(identity.kind);
  const own = { service_name: identity.service, process_pid: identity.pid };
  const lived =
    (at: At): At =>
    (seconds) =>
      seconds < identity.startedAt ? undefined : at(seconds - identity.startedAt);
  return catalogue
    .filter(
      ({ name }) =>
        !name.startsWith("jprof.target.count") && !name.startsWith("jprof.scrape") && name !== "jprof.series.dropped",
    )
    .flatMap((metric) => {
      const parts = metric === gcDuration ? [] : (behaviour[metric.name] ?? [defaultPart(metric)]);
      return parts.map(
        ({ labels, at }): SyntheticSeries => ({
          name: prometheusName(metric),
          labels: { ...renamed(labels), ...own },
          at: lived(at),
        }),
      );
    })
    .concat(
      gcOf[identity.kind].flatMap((gc) => histogramOf(gc, own)).map((series) => ({ ...series, at: lived(series.at) })),
    );
}

/** What jprof tells of itself. */
export function healthyJprof(): readonly SyntheticSeries[] {
  const own = { service_name: "jprof", process_pid: "7" };
  const of = (metricName: string, labels: Labels, at: At): SyntheticSeries => ({
    name: prometheusName(catalogue.find(({ name }) => name === metricName)!),
    labels: { ...renamed(labels), ...own },
    at,
  });
  return [
    ...["watched", "unreachable", "unsupported"].map((state) =>
      of("jprof.target.count", { "jprof.state": state }, () => (state === "watched" ? 6 : 1)),
    ),
    of("jprof.series.dropped", {}, () => 0),
    of("jprof.scrape.duration", {}, () => 0.004),
    of("process.memory.usage", {}, () => 70 * mib),
    ...["user", "system"].map((mode) => of("process.cpu.time", { "cpu.mode": mode }, (seconds) => seconds * 0.002)),
    of("process.uptime", {}, (seconds) => seconds),
  ];
}

/** The histogram's three kinds of series: 50 % of half the usual length, 45 % of it, 5 % of twice that. */
export function histogramOf(gc: GcSeries, own: Labels): readonly SyntheticSeries[] {
  const name = prometheusName(gcDuration);
  const labels = {
    jvm_gc_name: gc.name,
    jvm_gc_action: gc.action,
    jvm_gc_cause: gc.cause,
    jprof_gc_kind: gc.kind,
    ...own,
  };
  const shareBelow = (bound: number) =>
    (gc.seconds / 2 <= bound ? 0.5 : 0) + (gc.seconds <= bound ? 0.45 : 0) + (gc.seconds * 2 <= bound ? 0.05 : 0);
  const bounds = [...(gcDuration.buckets ?? []), Number.POSITIVE_INFINITY];
  return [
    ...bounds.map((bound) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: bound === Number.POSITIVE_INFINITY ? "+Inf" : String(bound) },
      at: (seconds: number) => Math.round(gc.count(seconds) * shareBelow(bound)),
    })),
    { name: `${name}_sum`, labels, at: (seconds: number) => gc.count(seconds) * gc.seconds * 0.8 },
    { name: `${name}_count`, labels, at: (seconds: number) => gc.count(seconds) },
  ];
}

function defaultPart(metric: Metric): Part {
  const labels = Object.fromEntries(metric.labels.map((label) => [label, "x"]));
  return { labels, at: metric.kind === "counter" ? (seconds) => seconds * 0.01 : () => 1 };
}

function renamed(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [prometheusLabel(label), value]));
}
