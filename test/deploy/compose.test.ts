import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { defaultResourceLabels } from "../../src/exporters/prometheus.ts";
import { temporaryFolder } from "../jvm/attach/idle-jvm.ts";
import { outputOf, toolPath } from "./deploy-tools.ts";
import { deployFolder, readDeployed } from "./manifests.ts";

const folder = join(deployFolder, "compose");
const composer = toolPath("cmd", []);
const promtool = toolPath("promtool", ["--version"]);
const collectors = join(import.meta.dirname, "../../build/otelcol");
const collector = existsSync(collectors)
  ? readdirSync(collectors)
      .map((version) => join(collectors, version, "otelcol"))
      .find((path) => existsSync(path))
  : undefined;

interface Model {
  readonly services: Readonly<Record<string, Service>>;
}
interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
}

describe.skipIf(composer === undefined)("by the compose specification", () => {
  const modelOf = (...files: readonly string[]): Model =>
    parse(outputOf(composer!, ["-format", "yaml", ...files.map((file) => join(folder, file))])) as Model;
  const names = ["compose.yaml", "compose.otlp.yaml"];

  test.each([[names.slice(0, 1)], [names]])("%s is right", (files) => {
    expect(Object.keys(modelOf(...files).services)).toEqual(expect.arrayContaining(["jprof", "prometheus", "grafana"]));
  });

  test("with the collector, jprof pushes to it, it to Prometheus, and nobody scrapes", () => {
    const { jprof, collector: otelcol, prometheus } = modelOf(...names).services;
    const { receivers, exporters } = parse(readDeployed("compose/collector.yaml"));
    const endpoint = new URL(jprof!.environment!.OTEL_EXPORTER_OTLP_ENDPOINT!);
    // Rules and dashboards use buckets.
    expect(jprof!.environment).toMatchObject({
      OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "explicit_bucket_histogram",
    });
    expect(endpoint.hostname).toBe("collector");
    expect(receivers.otlp.protocols.http.endpoint).toBe(`0.0.0.0:${endpoint.port}`);
    expect(exporters["otlphttp/prometheus"].endpoint).toBe("http://prometheus:9090/api/v1/otlp");
    expect(prometheus!.command).toContain("--web.enable-otlp-receiver");
    const configured = prometheus!.volumes!.filter(({ target }) => target === "/etc/prometheus/prometheus.yml");
    expect(configured.map(({ source }) => source.split("/").at(-1))).toEqual(["prometheus.otlp.yml"]);
    expect(otelcol!.command).toEqual([`--config=${otelcol!.volumes![0]!.target}`]);
    expect(parse(readDeployed("compose/prometheus.otlp.yml"))).not.toHaveProperty("scrape_configs");
  });
});

test("Prometheus puts the same attributes on every series by OTLP as a scrape has", () => {
  const { otlp } = parse(readDeployed("compose/prometheus.otlp.yml"));
  expect(otlp.promote_resource_attributes).toEqual(["service.name", "process.pid", ...defaultResourceLabels]);
});

describe.skipIf(promtool === undefined)("by promtool", () => {
  const version = spawnSync(promtool ?? "", ["--version"], { encoding: "utf8" }).stdout?.match(/version (\d+)/)?.[1];

  test.for(["prometheus.yml", "prometheus.otlp.yml"])("%s is right", (file, { skip }) => {
    // Version 2 does not know all that is said of OTLP.
    if (file.includes("otlp") && Number(version) < 3) skip("promtool is older than version 3");
    const path = join(temporaryFolder(), file);
    const rules = join(folder, "../../dashboards/generated/jprof-alerts.yaml");
    writeFileSync(path, readFileSync(join(folder, file), "utf8").replace("/etc/prometheus/jprof-alerts.yaml", rules));
    expect(outputOf(promtool!, ["check", "config", path])).toContain("SUCCESS");
  });
});

test.skipIf(collector === undefined)("the collector takes its configuration", () => {
  expect(outputOf(collector!, ["validate", `--config=${join(folder, "collector.yaml")}`])).toBe("");
});
