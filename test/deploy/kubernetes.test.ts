import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { agentSchema } from "../../src/cli/agent-schema.ts";
import { temporaryFolder } from "../jvm/attach/idle-jvm.ts";
import { customResourcesFolder, outputOf, toolPath } from "./deploy-tools.ts";
import { deployFolder, documentsOf, type Manifest, podOf, readDeployed } from "./manifests.ts";

const folder = join(deployFolder, "kubernetes");
const validator = toolPath("kubectl-validate", ["--help"]);
const helm = toolPath("helm", ["version"]);
const [configMap, daemonSet] = documentsOf(readDeployed("kubernetes/daemonset.yaml")) as Manifest[];

/** Files with objects, checked against the schemas of Kubernetes and of the Prometheus Operator. */
function validate(...files: readonly string[]): string {
  return outputOf(validator!, ["--local-crds", customResourcesFolder, "--version", "1.30", ...files]);
}

function renderedChart(): string {
  const settings = ["--set", "daemonSet.enabled=true", "--set", "image.tag=latest"];
  return outputOf(helm!, ["template", "jprof", join(deployFolder, "helm/jprof"), ...settings]);
}

describe.skipIf(validator === undefined)("by Kubernetes' own schemas", () => {
  test.each(readdirSync(folder))("%s is right", (file) => {
    expect(validate(join(folder, file))).toContain("OK");
  });

  test.each([{ hostPids: true }, { hostPID: "often" }])("%o in a pod is found to be wrong", (wrong) => {
    const file = join(temporaryFolder(), "wrong.yaml");
    const template = { ...(daemonSet?.spec?.template as object), spec: { ...podOf(daemonSet).spec, ...wrong } };
    writeFileSync(file, stringify({ ...daemonSet, spec: { ...daemonSet?.spec, template } }));
    expect(() => validate(file)).toThrow(Object.keys(wrong)[0]);
  });

  test.skipIf(helm === undefined)("what the chart makes is right", () => {
    const file = join(temporaryFolder(), "chart.yaml");
    writeFileSync(file, renderedChart());
    expect(validate(file)).toContain("OK");
  });
});

test("the DaemonSet mounts a configuration that the agent takes, at the port that is asked", () => {
  const { spec } = podOf(daemonSet);
  const [jprof] = spec.containers;
  const [config] = documentsOf(configMap?.data?.["jprof.yaml"] ?? "");
  expect(agentSchema.safeParse(config)).toMatchObject({ success: true, data: { listen: "0.0.0.0:9464" } });
  expect(jprof?.args).toEqual(["agent", "--config", "/etc/jprof/jprof.yaml"]);
  expect(jprof?.ports).toEqual([{ name: "jprof", containerPort: 9464 }]);
  expect(spec.volumes?.map(({ name }) => name)).toEqual(jprof?.volumeMounts?.map(({ name }) => name));
});

test.skipIf(helm === undefined)("the chart makes the same DaemonSet", () => {
  const made = documentsOf(renderedChart()).find((document) => (document as Manifest | null)?.kind === "DaemonSet");
  const pod = podOf(made as Manifest);
  const { imagePullPolicy, ...jprof } = pod.spec.containers[0] as PodContainer;
  expect(imagePullPolicy).toBe("IfNotPresent");
  expect({ ...pod.spec, containers: [jprof] }).toEqual(podOf(daemonSet).spec);
});

type PodContainer = ReturnType<typeof podOf>["spec"]["containers"][number] & { readonly imagePullPolicy?: string };
