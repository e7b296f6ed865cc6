import { type CollectorKind, collectorKinds } from "./synthetic-gc.ts";
import { healthyJprof, healthyJvm, type SyntheticSeries } from "./synthetic-jvm.ts";
import { alerts, type RuleScenario } from "./unit-tests-of-rules.ts";

const place = { job: "jprof", instance: "10.0.0.7:9464" };

/** As Prometheus stores what it scraped at one place. */
export function scraped(series: readonly SyntheticSeries[], labels = place): readonly SyntheticSeries[] {
  return series.map((one) => ({ ...one, labels: { ...one.labels, ...labels } }));
}

/** One series after the other, as over a restart with the same pid. */
export function restarted(kind: CollectorKind, restartsAtSeconds: readonly number[]): readonly SyntheticSeries[] {
  const lives = [-40_000, ...restartsAtSeconds].map((startedAt) =>
    healthyJvm({ kind, service: `restarted ${kind}`, pid: "1", startedAt }),
  );
  return lives[0]!.map((series, index) => ({
    ...series,
    at: (seconds) => {
      const life = restartsAtSeconds.filter((at) => at <= seconds).length;
      return lives[life]![index]!.at(seconds);
    },
  }));
}

/** Services that nothing is wrong with, side by side for hours: of every collector, from their start, restarted, and replaced. */
export function healthyScenario(): RuleScenario {
  const minutes = [8, 16, 30, 45, 62, 68, 75, 90, 120, 121, 130, 150, 180, 211, 240, 270, 300, 330, 390, 420, 430, 480];
  const up: SyntheticSeries = { name: "up", labels: place, at: () => 1 };
  return {
    name: "healthy services",
    lastMinute: 480,
    intervalMinutes: 2,
    series: [
      up,
      ...scraped(healthyJprof()),
      ...collectorKinds.flatMap((kind) => scraped(healthyJvm({ kind, service: kind, pid: "7", startedAt: 120 }))),
      ...(["Parallel", "G1"] as const).flatMap((kind) => scraped(restarted(kind, [7200, 25_000]))),
      ...scraped(deployment()),
    ],
    expectations: alerts.flatMap(({ name }) => minutes.map((minute) => ({ alert: name, minutes: minute, firing: [] }))),
  };
}

/** Four processes of one service end, and four others begin. */
function deployment(): readonly SyntheticSeries[] {
  return [1, 2, 3, 4].flatMap((number) => {
    const end = 3600 + number * 60;
    const service = "rolled";
    const old = healthyJvm({ kind: "G1", service, pid: `${number}`, startedAt: -50_000 });
    const next = healthyJvm({ kind: "G1", service, pid: `${number + 100}`, startedAt: end + 20 });
    return [
      ...old.map((series) => ({
        ...series,
        at: (seconds: number) => (seconds < end ? series.at(seconds) : undefined),
      })),
      ...next,
    ];
  });
}
