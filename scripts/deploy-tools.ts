import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

// What test/deploy checks deploy/ with, built from source with Go, once; prints the folder. Each works without a network.
const folder = join(import.meta.dirname, "../build/deploy-tools");
const programs = {
  helm: "helm.sh/helm/v3/cmd/helm@v3.17.3",
  // With the schemas of Kubernetes 1.23 to 1.30.
  "kubectl-validate": "sigs.k8s.io/kubectl-validate@v0.0.4",
  // The reference implementation of the compose specification: reads a file and prints what it means.
  cmd: "github.com/compose-spec/compose-go/v2/cmd@v2.4.9",
};
const prometheusOperator = "github.com/prometheus-operator/prometheus-operator@v0.80.1";
const customResources = ["podmonitors", "prometheusrules"];

mkdirSync(join(folder, "crds"), { recursive: true });
for (const [name, source] of Object.entries(programs)) {
  if (!existsSync(join(folder, name))) await go("install", source);
}
if (customResources.some((name) => !existsSync(crd(name)))) {
  const { Dir } = JSON.parse(await go("mod", "download", "-json", prometheusOperator)) as { readonly Dir: string };
  for (const name of customResources) {
    copyFileSync(join(Dir, `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`), crd(name));
  }
}
process.stdout.write(`${folder}\n`);

function crd(name: string): string {
  return join(folder, "crds", `${name}.yaml`);
}

/** The checksum database may be out of reach; the module proxy that was configured is trusted instead. */
async function go(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa("go", args, {
    env: { GOSUMDB: "off", GOBIN: folder },
    cwd: folder,
    stderr: "inherit",
    timeout: 1_800_000,
  });
  return stdout;
}
