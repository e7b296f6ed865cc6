import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { type ProcStat, ticksPerSecond } from "../formats/proc/stat.ts";
import type { ProcStatus } from "../formats/proc/status.ts";
import type { VmKind } from "../model/jvm-source.ts";
import type { TargetIdentity } from "../model/target.ts";
import { containerIdOf } from "./container-id.ts";
import { collectorOfFlags, generationalOf } from "./flag-values.ts";
import { majorOf, readRelease } from "./java-release.ts";
import { findVm, type MappedFile } from "./memory-maps.ts";
import { isNativeImage } from "./native-image.ts";
import { readBytes, readLink, readStat, readStatus, readText, type Unreadable } from "./proc-reads.ts";
import { commandWords, readProcessCommand } from "./process-command.ts";
import { redactFlags } from "./redact-flags.ts";
import { type CollectorFacts, collectorOfThreads } from "./thread-names.ts";

/** What runs in a process, and who it is. */
export interface IdentifiedJvm {
  readonly kind: VmKind;
  readonly identity: TargetIdentity;
}

const mostMapsBytes = 32 << 20;
const mostThreads = 256;

/** Tells what JVM the process runs, by the library that it has mapped; undefined where it runs none, or went away meanwhile. */
export function identifyJvm(procRoot: string, stat: ProcStat): IdentifiedJvm | undefined {
  const folder = `${procRoot}/${stat.pid}`;
  const { kind, library } = vmOf(folder, stat);
  if (kind === undefined) return undefined;
  const status = readStatus(folder);
  if (status === undefined) return undefined;
  const identity = readIdentity(procRoot, { stat, status, library });
  const isSameProcess = readStat(folder)?.startTicks === stat.startTicks;
  return isSameProcess ? { kind, identity } : undefined;
}

interface FoundVm {
  readonly kind: VmKind | undefined;
  readonly library?: MappedFile;
}

function vmOf(folder: string, stat: ProcStat): FoundVm {
  if (stat.state === "Z") return { kind: stat.command === "java" ? "unknown" : undefined };
  const maps: Buffer | Unreadable = readBytes(`${folder}/maps`, mostMapsBytes);
  if (typeof maps === "string") return { kind: maps === "denied" && isJavaCommand(folder) ? "unknown" : undefined };
  const vm = findVm(maps);
  if (vm) return { kind: vm.kind, library: vm.library };
  if (basename(readLink(`${folder}/exe`) ?? "") === "java") return { kind: "unknown" };
  return { kind: isNativeImage(`${folder}/exe`) ? "native-image" : undefined };
}

/** Where nothing but the command line can be read, it says what the process claims to be. */
function isJavaCommand(folder: string): boolean {
  return /^(java|jsvc.*)$/.test(basename(commandWords(folder)[0] ?? ""));
}

interface Process {
  readonly stat: ProcStat;
  readonly status: ProcStatus;
  readonly library: MappedFile | undefined;
}

function readIdentity(procRoot: string, { stat, status, library }: Process): TargetIdentity {
  const folder = `${procRoot}/${stat.pid}`;
  const release = library && !library.isDeleted ? readRelease(`${folder}/root`, library.path) : undefined;
  const command = readProcessCommand(folder, library && homeOf(library.path));
  const javaMajor = majorOf(release?.version);
  return {
    pid: stat.pid,
    namespacePid: status.namespacePids.at(-1) ?? stat.pid,
    startTicks: stat.startTicks,
    startedAtMillis: bootSeconds(procRoot) * 1000 + (stat.startTicks * 1000) / ticksPerSecond,
    uid: status.uids[1] ?? 0,
    gid: status.gids[1] ?? 0,
    name: command.name ?? stat.command,
    javaVersion: release?.version,
    javaMajor,
    vmName: undefined,
    vmVendor: release?.vendor,
    ...collectorOf(folder, command.flags, javaMajor),
    flags: redactFlags(command.flags),
    containerId: containerIdOf(readText(`${folder}/cgroup`) ?? "", readText(`${folder}/mountinfo`) ?? ""),
  };
}

/** What the JVM's own threads say counts more than flags, which may come from where jprof does not look. */
function collectorOf(folder: string, flags: readonly string[], javaMajor: number | undefined): CollectorFacts {
  const ofThreads = collectorOfThreads(threadNames(folder));
  const ofFlags = collectorOfFlags(flags, javaMajor);
  const collector = ofThreads.collector ?? ofFlags.collector;
  return { collector, generational: ofThreads.generational ?? generationalOf(collector, flags, javaMajor) };
}

/** Of the oldest threads, among which are the collector's. */
function threadNames(folder: string): readonly string[] {
  let ids: string[];
  try {
    ids = readdirSync(`${folder}/task`);
  } catch {
    return [];
  }
  const oldest = ids.sort((a, b) => Number(a) - Number(b)).slice(0, mostThreads);
  return oldest.flatMap((id) => readText(`${folder}/task/${id}/comm`)?.replace(/\n$/, "") ?? []);
}

/** The folder with `bin` in it: above `lib/server/libjvm.so`, or `jre/lib/amd64/server/libjvm.so` of JDK 8. */
function homeOf(libraryPath: string): string {
  const parts = /^(.*?)(?:\/jre)?\/lib\/(?:[^/]+\/)?[^/]+\/[^/]+$/.exec(libraryPath);
  return parts?.[1] ?? dirname(libraryPath);
}

function bootSeconds(procRoot: string): number {
  return Number(/^btime (\d+)$/m.exec(readText(`${procRoot}/stat`, 4 << 20) ?? "")?.[1] ?? 0);
}
