import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { agentCommand } from "../../src/cli/agent-command.ts";
import { agentSchema } from "../../src/cli/agent-schema.ts";
import { deployedFiles, deployFolder, documentsOf, type Manifest, podOf, readDeployed } from "./manifests.ts";

const capabilities = ["SYS_PTRACE", "DAC_OVERRIDE", "KILL"];
const agentFlags = agentCommand(
  { args: [], width: 80, progressToTerminal: false, environment: {} },
  () => undefined,
).options.map(({ long }) => long);
const [sidecar] = documentsOf(readDeployed("kubernetes/sidecar-shared-pid.yaml")) as Manifest[];
const [sidecarOfTmp] = documentsOf(readDeployed("kubernetes/sidecar-shared-tmp.yaml")) as Manifest[];
const [podMonitor] = documentsOf(readDeployed("kubernetes/podmonitor.yaml")) as Manifest[];
const [compose] = documentsOf(readDeployed("compose/compose.yaml")) as { services: Record<string, ComposeService> }[];

interface ComposeService {
  readonly cap_add?: readonly string[];
  readonly volumes?: readonly string[];
}

test("every YAML file but the chart's templates can be parsed", () => {
  const files = deployedFiles().filter((file) => /\.ya?ml$/.test(file) && !file.includes("templates/"));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files)
    for (const document of documentsOf(readDeployed(file))) expect(document, file).toBeTypeOf("object");
});

describe.each([
  ["the processes of its pod", sidecar, true],
  ["/tmp alone", sidecarOfTmp, undefined],
] as const)("the sidecar that shares %s", (_what, manifest, sharesProcesses) => {
  const { labels, spec } = podOf(manifest);
  const jprof = spec.containers.find(({ name }) => name === "jprof")!;

  test("shares that, and runs as the JVM does, without any capability", () => {
    expect(spec.shareProcessNamespace).toBe(sharesProcesses);
    if (sharesProcesses === undefined) expect(jprof.volumeMounts?.map(({ name }) => name)).toEqual(["tmp"]);
    expect(spec.securityContext).toMatchObject({ runAsUser: expect.any(Number), runAsGroup: expect.any(Number) });
    expect(jprof.securityContext).not.toHaveProperty("runAsUser");
    expect(jprof.securityContext?.capabilities).toEqual({ drop: ["ALL"] });
  });

  test("is asked at a port that it has, and scraped by the PodMonitor", () => {
    const names = (jprof.ports ?? []).map(({ name }) => name);
    for (const probe of [jprof.readinessProbe, jprof.livenessProbe]) expect(names).toContain(probe?.httpGet.port);
    expect(podMonitor?.spec).toMatchObject({ podMetricsEndpoints: [{ port: names[0], path: "/metrics" }] });
    const selector = podMonitor?.spec?.selector as { readonly matchLabels: Record<string, string> } | undefined;
    expect(labels).toMatchObject(selector?.matchLabels ?? { missing: "" });
  });

  test("mounts only volumes that the pod has", () => {
    const volumes = (spec.volumes ?? []).map(({ name }) => name);
    const mounts = spec.containers.flatMap(({ volumeMounts }) => (volumeMounts ?? []).map(({ name }) => name));
    expect(mounts.filter((name) => !volumes.includes(name))).toEqual([]);
  });
});

test("the agent is started with options that it has", () => {
  const { spec } = podOf(sidecar);
  const lines = [
    ...spec.containers.map(({ args }) => (args ?? []).join(" ")),
    ...readDeployed("docker/Dockerfile")
      .split("\n")
      .filter((line) => line.startsWith("CMD")),
    ...readDeployed("systemd/jprof-agent.service")
      .split("\n")
      .filter((line) => line.startsWith("ExecStart")),
  ];
  const flags = lines.flatMap((line) => line.match(/--[a-z-]+/g) ?? []);
  expect(flags.length).toBeGreaterThan(2);
  expect(flags.filter((flag) => !agentFlags.includes(flag))).toEqual([]);
});

describe("jprof for a whole machine", () => {
  test("has the same three capabilities by systemd and in a container", () => {
    const unit = readDeployed("systemd/jprof-agent.service");
    expect(/^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1]?.split(" ")).toEqual(
      capabilities.map((name) => `CAP_${name}`),
    );
    expect(compose?.services.jprof?.cap_add).toEqual(capabilities);
  });

  test("every file that a container of compose mounts is there", () => {
    const mounts = Object.values(compose?.services ?? {}).flatMap(({ volumes }) => volumes ?? []);
    const paths = mounts.map((mount) => mount.split(":")[0]!).filter((path) => path.startsWith("."));
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !existsSync(join(deployFolder, "compose", path)))).toEqual([]);
  });

  test("Prometheus and Grafana look where the files are mounted", () => {
    const targets = Object.values(compose?.services ?? {}).flatMap(({ volumes }) =>
      (volumes ?? []).map((mount) => mount.split(":")[1]!),
    );
    const [prometheus] = documentsOf(readDeployed("compose/prometheus.yml")) as { rule_files: string[] }[];
    const [provider] = documentsOf(readDeployed("compose/grafana/provisioning/dashboards/jprof.yaml")) as {
      providers: { options: { path: string } }[];
    }[];
    expect(targets).toEqual(expect.arrayContaining([...prometheus!.rule_files, provider!.providers[0]!.options.path]));
  });
});

test("the chart has the package's version, and a configuration that the agent takes", () => {
  const [chart] = documentsOf(readDeployed("helm/jprof/Chart.yaml")) as { version: string; appVersion: string }[];
  expect(chart).toMatchObject({ version: packageJson.version, appVersion: packageJson.version });
  const [values] = documentsOf(readDeployed("helm/jprof/values.yaml")) as { daemonSet: { config: unknown } }[];
  expect(agentSchema.safeParse(values?.daemonSet.config).success).toBe(true);
});
