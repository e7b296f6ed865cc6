import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** The folder of what is deployed. */
export const deployFolder = join(import.meta.dirname, "../../deploy");

/** An object of Kubernetes, as far as tests look at it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** The part of a pod that tests look at. */
export interface PodSpec {
  readonly shareProcessNamespace?: boolean;
  readonly hostPID?: boolean;
  readonly securityContext?: { readonly runAsUser?: number; readonly runAsGroup?: number };
  readonly containers: readonly {
    readonly name: string;
    readonly args?: readonly string[];
    readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
    readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
    readonly livenessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
    readonly volumeMounts?: readonly { readonly name: string }[];
    readonly securityContext?: {
      readonly runAsUser?: number;
      readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
    };
  }[];
  readonly volumes?: readonly { readonly name: string }[];
}

/** Every document of a YAML text; an error of any is thrown. */
export function documentsOf(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as unknown;
  });
}

export function readDeployed(path: string): string {
  return readFileSync(join(deployFolder, path), "utf8");
}

/** Every file below the folder, from it; what a link leads to is left out. */
export function deployedFiles(): readonly string[] {
  return readdirSync(deployFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(deployFolder.length + 1));
}

/** The pod that a Deployment or a DaemonSet makes. */
export function podOf(manifest: Manifest | undefined): {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
} {
  const template = manifest?.spec?.template as
    | { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: PodSpec }
    | undefined;
  if (template === undefined) throw new Error(`${manifest?.kind} has no pod`);
  return { labels: template.metadata.labels, spec: template.spec };
}
