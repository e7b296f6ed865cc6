import { heapLive } from "../../dashboards/metrics.ts";
import { prometheusName } from "../../dashboards/prometheus-name.ts";
import { restarted, scraped } from "./healthy-scenarios.ts";
import { heapBytes } from "./synthetic-behaviour.ts";
import { sawtooth } from "./synthetic-gc.ts";
import { healthyJprof, healthyJvm, type SyntheticSeries } from "./synthetic-jvm.ts";
import type { RuleScenario } from "./unit-tests-of-rules.ts";

const place = { job: "jprof", instance: "10.0.0.7:9464" };
const day = 86_400;

/** What one JVM alone does not show: restarts, jprof's own end, growth over days. */
export const otherScenarios: readonly RuleScenario[] = [
  {
    name: "JvmRestarting fires for four restarts within an hour, with the same pid",
    lastMinute: 150,
    intervalMinutes: 2,
    series: scraped(restarted("G1", [3600, 4200, 4800, 5400])),
    expectations: [
      { alert: "JvmRestarting", minutes: 50, firing: [] },
      { alert: "JvmRestarting", minutes: 76, firing: [] },
      { alert: "JvmRestarting", minutes: 100, firing: [{ ...place, service_name: "restarted G1" }] },
    ],
  },
  {
    name: "JvmRestarting fires for four restarts within an hour, each with another pid",
    lastMinute: 100,
    intervalMinutes: 2,
    series: scraped([0, 1, 2, 3, 4].flatMap(oneOfFive)),
    expectations: [
      { alert: "JvmRestarting", minutes: 50, firing: [] },
      { alert: "JvmRestarting", minutes: 76, firing: [] },
      { alert: "JvmRestarting", minutes: 98, firing: [{ ...place, service_name: "short-lived" }] },
    ],
  },
  {
    name: "JprofDown fires for a jprof that cannot be scraped any more, and for nothing else that is down",
    lastMinute: 180,
    intervalMinutes: 2,
    series: [
      { name: "up", labels: place, at: (seconds) => (seconds < 3600 ? 1 : 0) },
      { name: "up", labels: { job: "other", instance: "10.0.0.8:80" }, at: () => 0 },
      ...until(3600, scraped(healthyJprof())),
    ],
    expectations: [
      { alert: "JprofDown", minutes: 50, firing: [] },
      { alert: "JprofDown", minutes: 90, firing: [place] },
    ],
  },
  {
    name: "HeapLiveSetGrowingDaily fires where each day's floor is above the last, and not where the load swings by day",
    lastMinute: 4 * 1440,
    intervalMinutes: 4,
    series: scraped([...daily("leaks", 0.1), ...daily("swings", 0)]),
    expectations: [
      { alert: "HeapLiveSetGrowingDaily", minutes: 2 * 1440, firing: [] },
      {
        alert: "HeapLiveSetGrowingDaily",
        minutes: 4 * 1440,
        firing: [{ ...place, service_name: "leaks", process_pid: "7" }],
      },
    ],
  },
];

function oneOfFive(number: number): readonly SyntheticSeries[] {
  const startedAt = number === 0 ? -10_000 : 3600 + (number - 1) * 560;
  const jvm = healthyJvm({ kind: "G1", service: "short-lived", pid: `${100 + number}`, startedAt });
  return number === 4 ? jvm : until(3600 + number * 560, jvm);
}

function until(end: number, series: readonly SyntheticSeries[]): readonly SyntheticSeries[] {
  return series.map((one) => ({ ...one, at: (seconds) => (seconds < end ? one.at(seconds) : undefined) }));
}

/** Swings by a fifth of the heap from night to noon, and comes back to a floor that is higher each day. */
function daily(service: string, perDay: number): readonly SyntheticSeries[] {
  const swing = (seconds: number) => 0.2 * Math.sin((Math.PI * seconds) / day) ** 2;
  const live = (seconds: number) =>
    (0.35 + (perDay * seconds) / day + swing(seconds) + sawtooth(0, 0.1, 1200)(seconds)) * heapBytes;
  return healthyJvm({ kind: "G1", service, pid: "7", startedAt: -100_000 }).map((series) =>
    series.name === prometheusName(heapLive) ? { ...series, at: live } : series,
  );
}
