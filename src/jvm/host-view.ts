import { existsSync, readdirSync } from "node:fs";
import { parseMountInfo } from "../formats/proc/mountinfo.ts";
import { FormatError } from "../model/errors.ts";
import { containerIdOf } from "./container-id.ts";
import { readLink, readText } from "./proc-reads.ts";

/** What this machine or container lets jprof see at all. */
export interface HostView {
  /** `hidepid` of the mounted /proc: `0`, `1` or `noaccess`, `2` or `invisible`, `4` or `ptraceable`; undefined where it is not given. */
  readonly hidePid: string | undefined;
  /** Whether jprof is in the machine's own PID namespace, and so sees every process; undefined where that cannot be told. */
  readonly seesWholeMachine: boolean | undefined;
  /** The kernel's name of process 1: `systemd`, `pause` in a pod that shares its PID namespace. */
  readonly firstProcess: string | undefined;
  readonly processCount: number;
  readonly isContainer: boolean;
  readonly containerId: string | undefined;
  /** Of the Yama security module; undefined where the kernel has none. */
  readonly ptraceScope: number | undefined;
}

/** The kernel's fixed number of the first PID namespace. */
const firstPidNamespace = "pid:[4026531836]";

/** Reads what can be seen from here. */
export function readHostView(procRoot: string): HostView {
  const mountInfo = readText(`${procRoot}/self/mountinfo`) ?? "";
  const namespace = readLink(`${procRoot}/self/ns/pid`);
  const containerId = containerIdOf(readText(`${procRoot}/self/cgroup`) ?? "", mountInfo);
  const scope = readText(`${procRoot}/sys/kernel/yama/ptrace_scope`)?.trim();
  return {
    hidePid: hidePidOf(mountInfo),
    seesWholeMachine: namespace === undefined ? undefined : namespace === firstPidNamespace,
    firstProcess: readText(`${procRoot}/1/comm`)?.trim(),
    processCount: readdirSync(procRoot).filter((name) => /^\d+$/.test(name)).length,
    isContainer: containerId !== undefined || existsSync("/.dockerenv") || existsSync("/run/.containerenv"),
    containerId,
    ptraceScope: scope === undefined || scope === "" ? undefined : Number(scope),
  };
}

function hidePidOf(mountInfo: string): string | undefined {
  try {
    const proc = parseMountInfo(mountInfo).findLast(
      ({ mountPoint, fileSystem }) => mountPoint === "/proc" && fileSystem === "proc",
    );
    const options = [...(proc?.superOptions ?? []), ...(proc?.options ?? [])];
    return options.find((option) => option.startsWith("hidepid="))?.slice("hidepid=".length);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/**
 * Pids, each in a namespace of its own, of JVMs that listen in the /tmp here but run in no process that can be seen: their /tmp and network
 * are shared with jprof, as in a pod, but their PID namespace is not. `visible` are the namespace pids of the JVMs that are seen.
 */
export function unseenListeners(procRoot: string, visible: ReadonlySet<number>, tmp = "/tmp"): readonly number[] {
  return [...boundListeners(procRoot)]
    .filter((pid) => !visible.has(pid) && existsSync(`${tmp}/.java_pid${pid}`))
    .sort((a, b) => a - b);
}

/** Pids, each in a namespace of its own, of the JVMs that listen in the network namespace here, whatever they call their /tmp. */
export function boundListeners(procRoot: string): ReadonlySet<number> {
  // A JVM binds its socket under this name, and then renames the file.
  const bound = readText(`${procRoot}/self/net/unix`, 8 << 20)?.matchAll(/ \/tmp\/\.java_pid(\d+)(?:\.tmp)?$/gm) ?? [];
  return new Set([...bound].map((match) => Number(match[1])));
}
