import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { prometheusName, prometheusType } from "../../../src/exporters/metric-names.ts";
import { nameCollisions } from "../../../src/exporters/name-collisions.ts";
import { jmxExporterNaming } from "../../../src/exporters/naming/jmx-exporter.ts";
import { micrometerNaming } from "../../../src/exporters/naming/micrometer.ts";
import { type Naming, otelNaming, renamerOf, targetSamples } from "../../../src/exporters/naming/naming.ts";
import { prometheusExporter } from "../../../src/exporters/prometheus.ts";
import { drawnAgent } from "../drawn-agent.ts";
import { drawnAtMillis, metricOf, sampleOf, targetOf } from "../drawn-samples.ts";

/**
 * Scrapes of the real ones on a Temurin 25 with G1 and -Xmx128m: Micrometer 1.15.3 with its binders of a JVM and a process, and jmx_exporter
 * 1.0.1 as an agent (its `jvm_` and `process_` part); without their help texts.
 */
const micrometer = familiesOf(readFileSync(new URL("micrometer-1.15.3.prom", import.meta.url), "utf8"));
const jmxExporter = familiesOf(readFileSync(new URL("jmx_exporter-1.0.1.prom", import.meta.url), "utf8"));

/** What micrometer-jvm-extras adds: Micrometer itself has no memory of the process, and files a collection beside the program elsewhere. */
const micrometerExtras = [
  "process_memory_rss_bytes",
  "process_memory_vss_bytes",
  "process_memory_swap_bytes",
  "process_threads",
  "jvm_gc_concurrent_phase_time_seconds",
  "jvm_gc_concurrent_phase_time_seconds_max",
];

/** Every query of dashboard 4701 about a JVM, by what it selects. */
const dashboard4701 = [
  'process_uptime_seconds{application="a"}',
  'process_start_time_seconds{application="a"}',
  'jvm_memory_used_bytes{application="a",area="heap"}',
  'jvm_memory_max_bytes{application="a",area="heap"}',
  'jvm_memory_used_bytes{application="a",area="nonheap"}',
  'jvm_memory_max_bytes{application="a",area="nonheap"}',
  'jvm_memory_committed_bytes{application="a",area="heap"}',
  'jvm_memory_used_bytes{application="a",id="G1 Old Gen"}',
  'jvm_memory_committed_bytes{application="a",id="Metaspace"}',
  'process_memory_vss_bytes{application="a"}',
  'process_memory_rss_bytes{application="a"}',
  'process_memory_swap_bytes{application="a"}',
  'process_cpu_usage{application="a"}',
  'system_cpu_count{application="a"}',
  'jvm_threads_live_threads{application="a"}',
  'jvm_threads_daemon_threads{application="a"}',
  'jvm_threads_peak_threads{application="a"}',
  'process_threads{application="a"}',
  'jvm_threads_states_threads{application="a",state="timed-waiting"}',
  'jvm_gc_pause_seconds_count{application="a",action="end of minor GC"}',
  'jvm_gc_pause_seconds_sum{application="a",cause="G1 Evacuation Pause"}',
  'jvm_gc_pause_seconds_max{application="a"}',
  'jvm_gc_memory_allocated_bytes_total{application="a"}',
  'jvm_gc_memory_promoted_bytes_total{application="a"}',
  'jvm_classes_loaded_classes{application="a"}',
  'process_files_open_files{application="a"}',
  'process_files_max_files{application="a"}',
  'jvm_buffer_memory_used_bytes{application="a",id="direct"}',
  'jvm_buffer_total_capacity_bytes{application="a",id="direct"}',
  'jvm_buffer_count_buffers{application="a",id="mapped"}',
];

describe("names as others give them", () => {
  test("each of Micrometer's has the type and the labels that Micrometer itself gives it", () => {
    expect(differencesFrom(micrometerNaming, micrometer)).toEqual(micrometerExtras);
  });

  test("each of jmx_exporter's has the type and the labels that jmx_exporter itself gives it", () => {
    expect(differencesFrom(jmxExporterNaming, jmxExporter)).toEqual([]);
  });

  test.each([micrometerNaming, jmxExporterNaming])("no two of $name collide", (naming) => {
    const own = drawnAgent(1).flatMap(({ current, observations }) =>
      renamedMetrics(naming, [...current, ...observations]),
    );
    expect(nameCollisions([...new Set(own)])).toEqual([]);
  });

  test("the same name stands for other labels in another world", () => {
    const otel = namesOf(otelNaming);
    const shared = (naming: Naming) =>
      [...namesOf(naming)].filter((name) => otel.has(name)).filter((name) => isRenamedTo(naming, name));
    expect(shared(micrometerNaming)).toEqual([
      "jvm_memory_used_bytes",
      "jvm_memory_committed_bytes",
      "jvm_buffer_memory_used_bytes",
      "process_uptime_seconds",
    ]);
    expect(shared(jmxExporterNaming)).toEqual(["jvm_memory_used_bytes", "jvm_memory_committed_bytes"]);
  });
});

describe("the dashboard 4701", () => {
  test("finds every series of a JVM that it asks for", async () => {
    const exporter = prometheusExporter({ naming: micrometerNaming });
    for (const { target, current, observations } of drawnAgent(1)) {
      exporter.accept({ ...target, resource: { ...target.resource, "service.name": "a" } }, current, observations);
    }
    const lines = (await exporter.render(undefined)).body.split("\n");
    const isFound = (query: string) => {
      const [name = "", labels = ""] = query.slice(0, -1).split("{");
      return lines.some(
        (line) => line.startsWith(`${name}{`) && labels.split(",").every((label) => line.includes(label)),
      );
    };
    expect(dashboard4701.filter((query) => !isFound(query))).toEqual([]);
  });
});

describe("values under another name", () => {
  const threads = metricOf("jvm.thread.count {thread} updowncounter", "jvm.thread.daemon", "jvm.thread.state");
  const samples = [
    sampleOf(threads, 3, { "jvm.thread.daemon": "true", "jvm.thread.state": "waiting" }),
    sampleOf(threads, 4, { "jvm.thread.daemon": "false", "jvm.thread.state": "waiting" }),
    sampleOf(threads, 5, { "jvm.thread.daemon": "false", "jvm.thread.state": "timed_waiting" }),
  ];
  const said = (naming: Naming, given = samples) =>
    renamerOf(naming)
      .current(given)
      .map(({ metric, labels, value }) => `${prometheusName(metric)} ${Object.values(labels).join()} ${value}`);

  test("are added up where they become one", () => {
    expect(said(micrometerNaming)).toEqual([
      "jvm_threads_live_threads  12",
      "jvm_threads_daemon_threads  3",
      "jvm_threads_states_threads waiting 7",
      "jvm_threads_states_threads timed-waiting 5",
    ]);
    expect(said(jmxExporterNaming)).toContain("jvm_threads_state TIMED_WAITING 5");
  });

  test("take the other's unit", () => {
    expect(said(micrometerNaming, [sampleOf(metricOf("jvm.cpu.time s counter"), 1.5)])).toEqual([
      "process_cpu_time_ns_total  1500000000",
    ]);
  });

  test("keep their own name where the other world has none, or nothing was asked for", () => {
    const own = sampleOf(metricOf("jprof.safepoint.time s counter"), 1);
    expect(renamerOf(micrometerNaming).current([own])).toEqual([own]);
    expect(renamerOf(otelNaming).current(samples)).toBe(samples);
  });

  test("the start of a target is a metric where the other world has one", () => {
    const [start] = targetSamples(micrometerNaming, targetOf(1));
    expect(start?.value).toBe((drawnAtMillis - 3_600_000) / 1000);
    expect(targetSamples(otelNaming, targetOf(1))).toEqual([]);
  });

  test("the greatest pause is forgotten after three minutes", async () => {
    const exporter = prometheusExporter({ naming: micrometerNaming });
    const pause = metricOf("jvm.gc.duration s histogram", "jprof.gc.kind");
    const maximum = async () =>
      (await exporter.render(undefined)).body.match(/^jvm_gc_pause_seconds_max.* (\S+)$/m)?.[1];
    const at = (minutes: number) => drawnAtMillis + minutes * 60_000;
    exporter.accept(targetOf(1), [], [sampleOf(pause, 0.5, { "jprof.gc.kind": "pause" }, at(0))]);
    expect(await maximum()).toBe("0.5");
    exporter.accept(targetOf(1), [], [sampleOf(pause, 0.1, { "jprof.gc.kind": "pause" }, at(2))]);
    expect(await maximum()).toBe("0.5");
    exporter.accept(targetOf(1), [sampleOf(metricOf("a s gauge"), 1, {}, at(3))], []);
    expect(await maximum()).toBe("0.1");
    exporter.accept(targetOf(1), [sampleOf(metricOf("a s gauge"), 1, {}, at(9))], []);
    expect(await maximum()).toBe("0");
  });
});

interface Family {
  readonly type: string;
  readonly labels: string;
}

/** Type and label names of each family of a text exposition. */
function familiesOf(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  for (const [, name = "", type = ""] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const [, labels = ""] = new RegExp(`^${name}(?:_sum)?\\{(.*)\\} \\S+$`, "m").exec(text) ?? [];
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label);
    families.set(name, { type, labels: names.sort().join() });
  }
  return families;
}

/** Names that a naming gives and the real one does not give in the same way; labels of ours may be fewer. */
function differencesFrom(naming: Naming, real: ReadonlyMap<string, Family>): readonly string[] {
  const given = [...naming.renamings.map(({ to }) => to), ...(naming.startTime ? [naming.startTime] : [])];
  const differing = given.filter((metric) => {
    const family = real.get(prometheusName(metric));
    const labels = family?.labels.split(",") ?? [];
    return family?.type !== prometheusType(metric) || metric.labels.some((label) => !labels.includes(label));
  });
  return [...new Set(differing.map(prometheusName))].sort(byPlaceIn(micrometerExtras));
}

function byPlaceIn(order: readonly string[]): (a: string, b: string) => number {
  return (a, b) => order.indexOf(a) - order.indexOf(b);
}

function renamedMetrics(naming: Naming, samples: Parameters<ReturnType<typeof renamerOf>["current"]>[0]) {
  return renamerOf(naming)
    .observations(samples)
    .map(({ metric }) => metric);
}

function namesOf(naming: Naming): ReadonlySet<string> {
  return new Set(drawnAgent(1).flatMap(({ current }) => renamedMetrics(naming, current).map(prometheusName)));
}

function isRenamedTo(naming: Naming, name: string): boolean {
  return naming.renamings.some(({ to }) => prometheusName(to) === name);
}
