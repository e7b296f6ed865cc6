import { TargetError, UsageError } from "../model/errors.ts";
import type { DiscoveredJvm, JvmSource } from "../model/jvm-source.ts";

const listMillis = 30_000;

/** The HotSpot JVM with the pid, or the only one that there is. */
export async function chosenJvm(jvms: JvmSource, pid: number | undefined): Promise<DiscoveredJvm> {
  const found = await jvms.list(AbortSignal.timeout(listMillis));
  if (pid === undefined) return onlyOne(found.filter(({ kind }) => kind === "hotspot"));
  const jvm = found.find(({ identity }) => identity.pid === pid);
  if (jvm === undefined) {
    throw new TargetError(`process ${pid} is no JVM that can be seen; jprof doctor ${pid} says why`);
  }
  if (jvm.kind !== "hotspot") {
    throw new TargetError(`process ${pid} is not a HotSpot JVM (${jvm.kind}), and is left alone`);
  }
  return jvm;
}

function onlyOne(hotspot: readonly DiscoveredJvm[]): DiscoveredJvm {
  const [only, ...others] = hotspot;
  if (only === undefined) throw new TargetError("no HotSpot JVM can be seen here; jprof doctor says why");
  if (others.length === 0) return only;
  throw new UsageError(`there are ${hotspot.length} JVMs; name one: ${hotspot.map(nameOf).join(", ")}`);
}

function nameOf({ identity: { pid, name } }: DiscoveredJvm): string {
  return `${pid} (${name})`;
}
