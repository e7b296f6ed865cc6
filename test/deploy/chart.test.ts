import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chartValuesSchemaText } from "../../scripts/chart-values.ts";
import { shippedFiles } from "../dashboards/generated.ts";
import { outputOf, toolPath } from "./deploy-tools.ts";
import { deployFolder, documentsOf, type Manifest, podOf } from "./manifests.ts";

const chart = join(deployFolder, "helm/jprof");
const helm = toolPath("helm", ["version"]);

/** The objects that the chart makes with these settings. */
function rendered(...settings: readonly string[]): readonly Manifest[] {
  const args = ["template", "watch", chart, ...settings.flatMap((setting) => ["--set", setting])];
  return documentsOf(outputOf(helm!, args)).filter((document) => document !== null) as Manifest[];
}

test("the schema of the chart's values is current (`npm run docs`)", () => {
  expect(readFileSync(join(chart, "values.schema.json"), "utf8")).toBe(chartValuesSchemaText());
});

describe.skipIf(helm === undefined)("the chart", () => {
  test("brings the shipped dashboards and rules, word for word", () => {
    const objects = rendered();
    const texts = new Map(
      objects.flatMap(({ kind, data }) => (kind === "ConfigMap" ? Object.entries(data ?? {}) : [])),
    );
    for (const [name, text] of shippedFiles)
      if (name.endsWith(".json")) expect(texts.get(name) === text, name).toBe(true);
    const [rules] = documentsOf(shippedFiles.get("jprof-alerts.yaml")!);
    expect(objects.find(({ kind }) => kind === "PrometheusRule")?.spec).toEqual(rules);
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      "ConfigMap",
      "ConfigMap",
      "ConfigMap",
      "PodMonitor",
      "PrometheusRule",
    ]);
  });

  test("puts an address before the links to runbooks", () => {
    const text = JSON.stringify(rendered("runbooks=https://wiki.example/jprof/"));
    expect(text).toContain("https://wiki.example/jprof/Deadlock.md");
    expect(text).not.toMatch(/[" ]runbooks\//);
  });

  test("runs jprof on each node where that is asked for, with three capabilities, and scrapes it", () => {
    const objects = rendered("daemonSet.enabled=true");
    const { labels, spec } = podOf(objects.find(({ kind }) => kind === "DaemonSet"));
    expect(spec.hostPID).toBe(true);
    expect(spec.containers[0]?.securityContext).toMatchObject({
      runAsUser: 0,
      capabilities: { drop: ["ALL"], add: ["SYS_PTRACE", "DAC_OVERRIDE", "KILL"] },
    });
    expect(objects.find(({ kind }) => kind === "PodMonitor")?.spec).toMatchObject({
      selector: { matchLabels: { "jprof.io/scrape": labels["jprof.io/scrape"] } },
      podMetricsEndpoints: [{ port: spec.containers[0]?.ports?.[0]?.name }],
    });
  });

  test("is found in order by helm", () => {
    expect(outputOf(helm!, ["lint", chart])).toContain("0 chart(s) failed");
  });

  test("is refused where the agent would refuse its configuration, or a setting is not known", () => {
    expect(() => rendered("daemonSet.config.polcy=observe")).toThrow(/polcy/);
    expect(() => rendered("daemonSet.config.policy=anything")).toThrow(/daemonSet.config.policy/);
    expect(() => rendered("daemonset.enabled=true")).toThrow(/daemonset/);
  });

  test("gives the agent its port, attributes and variables", () => {
    const objects = rendered(
      "daemonSet.enabled=true",
      "daemonSet.config.listen=0.0.0.0:9999",
      "daemonSet.resourceAttributes={deployment.environment.name=test}",
      "daemonSet.env[0].name=OTEL_EXPORTER_OTLP_ENDPOINT",
      "daemonSet.env[0].value=http://collector:4318",
    );
    const { spec } = podOf(objects.find(({ kind }) => kind === "DaemonSet"));
    expect(spec.containers[0]).toMatchObject({
      ports: [{ name: "jprof", containerPort: 9999 }],
      env: [
        { name: "NODE_NAME" },
        { name: "OTEL_RESOURCE_ATTRIBUTES", value: "k8s.node.name=$(NODE_NAME),deployment.environment.name=test" },
        { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://collector:4318" },
      ],
    });
  });
});
