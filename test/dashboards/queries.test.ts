import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ruleGroups } from "../../dashboards/alerts/index.ts";
import { paceOf } from "../../dashboards/alerts/rule.ts";
import { ruleFileOf } from "../../dashboards/alerts/rule-file.ts";
import { containerTimeToLimit } from "../../dashboards/metrics.ts";
import { prometheusName } from "../../dashboards/prometheus-name.ts";
import { findProgram, type RunningPrometheus, startPrometheus } from "../prometheus.ts";
import { panelsOf, shippedDashboards, shippedFiles } from "./generated.ts";
import { serveMetrics } from "./metrics-server.ts";
import { queriesIn, runbooks } from "./runbooks.ts";
import { type CollectorKind, collectorKinds } from "./synthetic-gc.ts";
import { healthyJprof, healthyJvm, type SyntheticSeries } from "./synthetic-jvm.ts";

const prometheusProgram = findProgram("prometheus");

/** A minute passes in a second. */
const speed = 60;

/** Panels that are empty for a healthy JVM of these collectors, as they should be. */
const emptyWhenHealthy: Readonly<Record<string, readonly CollectorKind[]>> = {
  "Collections of the last resort": ["G1", "ZGC generational", "Shenandoah"],
};

/** Healthy JVMs of every collector, and one that does not answer and whose collectors fail. */
function synthetic(): readonly SyntheticSeries[] {
  const sick = healthyJvm({ kind: "G1", service: "silent", pid: "9", startedAt: -100_000 }).map((series) => {
    if (series.name === "jprof_target_up" || series.name === "jprof_collector_up") return { ...series, at: () => 0 };
    return series.name === "jprof_thread_deadlocked" ? { ...series, at: () => 2 } : series;
  });
  const healthy = collectorKinds.flatMap((kind) => healthyJvm({ kind, service: kind, pid: "7", startedAt: -100_000 }));
  const all = [...healthy, ...sick, ...healthyJprof()];
  const timeToLimit = prometheusName(containerTimeToLimit);
  return all.map((series) => (series.name === timeToLimit ? { ...series, at: () => 500_000 } : series));
}

describe.skipIf(prometheusProgram === undefined)("on a real Prometheus", () => {
  let prometheus: RunningPrometheus;
  let server: Awaited<ReturnType<typeof serveMetrics>>;

  beforeAll(async () => {
    server = await serveMetrics(synthetic(), speed);
    const rules = stringify(ruleFileOf(ruleGroups(paceOf(1 / speed))), { aliasDuplicateObjects: false });
    prometheus = await startPrometheus(prometheusProgram!, { scrape: server.url, rules });
    for (let scrapes = 0; scrapes < 6; ) {
      await sleep(500);
      const [counted] = await prometheus.query("count_over_time(up[1h])");
      scrapes = counted?.value ?? 0;
    }
  }, 60_000);

  afterAll(async () => {
    await prometheus?.stop();
    await server?.close();
  });

  test.each(shippedDashboards)("every query of the dashboard $title has an answer", async (dashboard) => {
    const answered = new Set<string>();
    for (const kind of dashboard.uid === "jprof-jvm" ? collectorKinds : ["G1" as const]) {
      for (const { title, targets } of panelsOf(dashboard)) {
        const counts = await Promise.all((targets ?? []).map(({ expr }) => seriesOf(expr, kind)));
        (targets ?? []).forEach(({ refId }, index) => {
          if ((counts[index] ?? 0) > 0) answered.add(`${title} ${refId}`);
        });
        const isEmpty = counts.every((count) => count === 0);
        expect(isEmpty && !emptyWhenHealthy[title]?.includes(kind), `${title} is empty for ${kind}`).toBe(false);
      }
    }
    const all = panelsOf(dashboard).flatMap(({ title, targets }) =>
      (targets ?? []).map(({ refId }) => `${title} ${refId}`),
    );
    expect(all.filter((name) => !answered.has(name))).toEqual([]);
  });

  test("every variable has values", async () => {
    const variables = shippedDashboards.flatMap(({ templating }) => templating.list);
    for (const { name, query } of variables.filter(({ type }) => type === "query")) {
      const selector = /^label_values\((.*), \w+\)$/.exec(query)?.[1];
      expect(selector, name).toBeDefined();
      expect(await seriesOf(selector!, "G1"), query).toBeGreaterThan(0);
    }
  });

  test("every annotation can be asked for", async () => {
    const expressions = shippedDashboards
      .flatMap(({ annotations }) => annotations.list)
      .flatMap(({ expr }) => expr ?? []);
    expect(expressions.length).toBeGreaterThan(0);
    for (const expression of expressions) await seriesOf(expression, "G1");
  });

  test("every query of a runbook can be asked", async () => {
    for (const [name, page] of runbooks) {
      for (const query of queriesIn(page))
        await expect(prometheus.query(query), `${name}: ${query}`).resolves.toBeDefined();
    }
  });

  test("a table shows every label that its queries have", async () => {
    for (const { title, type, targets, transformations } of shippedDashboards.flatMap(panelsOf)) {
      if (type !== "table") continue;
      const shown = Object.keys(transformations?.find(({ id }) => id === "organize")?.options.renameByName ?? {});
      for (const { expr } of targets ?? []) {
        const series = await prometheus.query(filled(expr, "G1"));
        expect(
          series.flatMap(({ metric }) => Object.keys(metric)).filter((label) => !shown.includes(label)),
          title,
        ).toEqual([]);
      }
    }
  });

  test("every rule can be evaluated, as shipped and shortened", async () => {
    expect(await prometheus.failedRules()).toEqual([]);
    const shipped = await startPrometheus(prometheusProgram!, {
      scrape: server.url,
      rules: shippedFiles.get("jprof-alerts.yaml")!,
    });
    try {
      for (let evaluated = 0; evaluated === 0; ) {
        await sleep(500);
        evaluated = (await shipped.query("jprof:gc_pause_seconds:p99_5m")).length;
      }
      expect(await shipped.failedRules()).toEqual([]);
    } finally {
      await shipped.stop();
    }
  }, 60_000);

  test("an alert says who it is, how much, and where to read on", async () => {
    for (let tries = 0; tries < 60 && (await deadlock()) === undefined; tries++) await sleep(500);
    expect(await deadlock()).toMatchObject({
      labels: { service_name: "silent", process_pid: "9", severity: "critical", component: "jprof" },
      annotations: {
        summary: "silent (pid 9): 2 threads wait for each other and will for ever",
        runbook_url: "runbooks/Deadlock.md",
      },
    });
  });

  async function deadlock() {
    const alerts = await prometheus.alerts();
    return alerts.find(({ labels, state }) => labels.alertname === "Deadlock" && state === "firing");
  }

  async function seriesOf(expression: string, kind: CollectorKind): Promise<number> {
    const series = await prometheus.query(filled(expression, kind));
    return series.filter(({ value }) => !Number.isNaN(value)).length;
  }

  /** As Grafana fills in its variables. */
  function filled(expression: string, kind: CollectorKind): string {
    const isOne = expression.includes('service_name="$service_name"');
    return expression
      .replaceAll(/\$(cluster|namespace)\b/g, ".*")
      .replaceAll("$service_name", isOne ? kind : ".*")
      .replaceAll('instance="$instance"', `instance=${JSON.stringify(server.host)}`)
      .replaceAll("$instance", ".*")
      .replaceAll("$process_pid", "7")
      .replaceAll("$__rate_interval", "1m")
      .replaceAll("$__range", "5m");
  }
});
