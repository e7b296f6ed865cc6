import type { ExportedTarget } from "../model/exporter.ts";
import { type TargetIdentity, targetKeyOf } from "../model/target.ts";

/** How a JVM is named to the world, as the configuration has it. */
export interface ServiceNaming {
  /** `service.name`; undefined: the main class or jar. */
  readonly serviceName: string | undefined;
  /** More resource attributes: `k8s.pod.name`, `deployment.environment.name` … */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The OpenTelemetry resource of a JVM. */
export function exportedTargetOf(identity: TargetIdentity, naming: ServiceNaming): ExportedTarget {
  const { pid, startedAtMillis, containerId, javaVersion, vmName, vmVendor } = identity;
  const known = {
    "container.id": containerId,
    "process.runtime.name": vmName,
    "process.runtime.version": javaVersion,
    "process.runtime.description": vmVendor === undefined ? undefined : `${vmVendor} ${vmName ?? ""}`.trim(),
  };
  const resource = {
    "service.name": naming.serviceName ?? shortNameOf(identity.name),
    "process.pid": pid,
    "process.creation.time": new Date(startedAtMillis).toISOString(),
    ...Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    ...naming.attributes,
  };
  return { key: targetKeyOf(identity), resource, startedAtMillis, identity };
}

/** `org.apache.cassandra.service.CassandraDaemon` → `CassandraDaemon`, `/opt/store/store-1.2.jar` → `store-1.2`. */
function shortNameOf(name: string): string {
  const file = name.slice(name.lastIndexOf("/") + 1);
  if (/\.(jar|war)$/i.test(file)) return file.replace(/\.(jar|war)$/i, "");
  return file.slice(file.lastIndexOf(".") + 1) || name || "java";
}
