import { createDiscovery } from "../jvm/discovery.ts";
import { readHostView, unseenListeners } from "../jvm/host-view.ts";
import { type IdentifiedJvm, identifyJvm } from "../jvm/identity.ts";
import { ownAccess } from "../jvm/own-access.ts";
import { readStat } from "../jvm/proc-reads.ts";
import { TargetError } from "../model/errors.ts";
import { schemaVersion } from "../reports/json.ts";
import type { ProcessConfig } from "./config.ts";
import type { Check } from "./doctor-check.ts";
import { hostChecks } from "./doctor-host.ts";
import { diagnoseJvm, type JvmDiagnosis } from "./doctor-jvm.ts";
import { doctorText } from "./doctor-text.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeToStdout } from "./output.ts";
import { paintFor } from "./terminal.ts";
import { tool } from "./tool.ts";

/** `doctor` as it was asked for. */
export interface DoctorConfig {
  /** The JVM to look at; undefined: all of them. */
  readonly pid: number | undefined;
  readonly format: "text" | "json";
  /** Whether to ask each JVM for its version. */
  readonly asks: boolean;
  readonly procRoot: string;
}

const mostMillis = 30_000;

/** Tells what jprof can see and do here; the result is the exit code. */
export async function runDoctor(config: DoctorConfig, { width }: ProcessConfig): Promise<number> {
  const { pid, format, asks, procRoot } = config;
  const seen = await createDiscovery({ procRoot, examines: false }).list(AbortSignal.timeout(mostMillis));
  const chosen = pid === undefined ? seen : [jvmOf(pid, procRoot, seen)];
  const host = hostChecks({
    view: readHostView(procRoot),
    own: ownAccess(),
    nodeVersion: process.versions.node,
    unseenPids: unseenListeners(procRoot, new Set(seen.map(({ identity }) => identity.namespacePid))),
    jvmCount: seen.length,
  });
  const jvms: JvmDiagnosis[] = [];
  for (const jvm of chosen) jvms.push(await diagnoseJvm(jvm, { procRoot, asks }));
  const options = { width, paint: paintFor(process.stdout), withAdvice: pid !== undefined };
  await writeToStdout(format === "json" ? doctorJson(host, jvms) : doctorText(host, jvms, options));
  return pid === undefined || jvms.every(({ isReachable }) => isReachable) ? exitCodes.done : exitCodes.unreadable;
}

function jvmOf(pid: number, procRoot: string, seen: readonly IdentifiedJvm[]): IdentifiedJvm {
  const stat = readStat(`${procRoot}/${pid}`);
  if (stat === undefined) {
    const inside = seen.filter(({ identity }) => identity.namespacePid === pid).map(({ identity }) => identity.pid);
    const hint = inside.length > 0 ? `; inside its container, that is process ${inside.join(" or ")} of here` : "";
    throw new TargetError(`there is no process ${pid} to be seen here${hint}; jprof ps lists the JVMs`);
  }
  const jvm = identifyJvm(procRoot, stat);
  if (jvm === undefined) {
    throw new TargetError(
      `process ${pid} (${stat.command}) runs no JVM: it has no libjvm.so mapped; jprof ps lists the JVMs`,
    );
  }
  return jvm;
}

function doctorJson(host: readonly Check[], jvms: readonly JvmDiagnosis[]): string {
  const found = jvms.map(({ kind, identity, isReachable, checks }) => ({ kind, ...identity, isReachable, checks }));
  return `${JSON.stringify({ schemaVersion, tool, host, jvms: found }, null, 2)}\n`;
}
