import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { shippedFiles } from "../dashboards/generated.ts";
import { deployFolder, documentsOf, type Manifest, podOf } from "./manifests.ts";

const hasHelm = spawnSync("helm", ["version"], { encoding: "utf8" }).status === 0;
if (!hasHelm) process.stderr.write("skipped: no helm on this machine, so the chart is not rendered\n");

/** The objects that the chart makes with these settings. */
function rendered(...settings: readonly string[]): readonly Manifest[] {
  const args = [
    "template",
    "watch",
    join(deployFolder, "helm/jprof"),
    ...settings.flatMap((setting) => ["--set", setting]),
  ];
  const { status, stdout, stderr } = spawnSync("helm", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(stderr);
  return documentsOf(stdout).filter((document) => document !== null) as Manifest[];
}

describe.skipIf(!hasHelm)("the chart", () => {
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
});
