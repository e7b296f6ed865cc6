import { access } from "node:fs/promises";
import { join } from "node:path";
import { type CgroupMembership, parseCgroup } from "../formats/proc/cgroup.ts";
import { parsePressure } from "../formats/proc/pressure.ts";
import type { Answer } from "../model/answer.ts";
import type { Cgroup, Pressure } from "../model/cgroup.ts";
import { readCpu1, readCpu2 } from "./cgroup-cpu.ts";
import { findCgroupFolders } from "./cgroup-folders.ts";
import { readMemory1, readMemory2 } from "./cgroup-memory.ts";
import { refuseOther } from "./proc-file.ts";
import { answerOf, readText, refusalOf } from "./read-text.ts";

/** Where the kernel's files are. */
export interface HostRoots {
  /** `/proc`, or where the one of the JVM's machine is mounted. */
  readonly procRoot: string;
  /** What stands for `/sys` in jprof's own mount points. */
  readonly sysRoot: string;
  /** Of the process: with it, another one that has the pid now is noticed. */
  readonly startTicks?: number;
}

/** Folders of one hierarchy, the process's own group first. */
interface Group {
  readonly version: 1 | 2;
  readonly path: string;
  /** Empty: the group cannot be seen, or it is the whole machine. */
  readonly folders: readonly string[];
  readonly isRoot: boolean;
}

/** Reads the control groups around a process: version 1, version 2, or each controller where it is. */
export async function readCgroup(pid: number, roots: HostRoots, signal: AbortSignal): Promise<Answer<Cgroup>> {
  const path = join(roots.procRoot, String(pid), "cgroup");
  const text = await readText(path, "cgroup", signal);
  if (!text.ok) return text;
  const { startTicks } = roots;
  const other = startTicks === undefined ? undefined : await refuseOther({ pid, ...roots, startTicks }, signal);
  if (other !== undefined) return other;
  try {
    return await readGroups(pid, roots, parseCgroup(text.value), signal);
  } catch (error) {
    return refusalOf(signal.aborted ? signal.reason : error, path);
  }
}

async function readGroups(
  pid: number,
  roots: HostRoots,
  memberships: readonly CgroupMembership[],
  signal: AbortSignal,
): Promise<Answer<Cgroup>> {
  const groupOf = (controller: string) => findGroup({ pid, ...roots }, memberships, controller);
  const [memory, cpu, accounting, unified] = await Promise.all(["memory", "cpu", "cpuacct", "unified"].map(groupOf));
  const groups = [memory, cpu, accounting, unified].filter((group) => group !== undefined);
  signal.throwIfAborted();
  if (groups.length === 0) return { ok: false, code: "absent", reason: "this kernel has no control groups" };
  if (groups.every(({ folders, isRoot }) => folders.length === 0 && !isRoot)) return outOfSight(pid, groups);
  const [memoryNow, cpuNow, pressure] = await Promise.all([
    memory?.version === 1 ? readMemory1(memory.folders) : readMemory2(memory?.folders ?? []),
    cpu?.version === 1 ? readCpu1(cpu.folders, accounting?.folders ?? []) : readCpu2(cpu?.folders ?? []),
    readPressure(unified?.folders[0], signal),
  ]);
  const named = memory ?? cpu ?? unified;
  const cgroup = { version: named?.version ?? 2, path: named?.path ?? "/", memory: memoryNow, cpu: cpuNow, pressure };
  return answerOf(cgroup, "cgroup");
}

/** The group of a controller, of version 1 where the kernel has it there. Undefined: the kernel has neither. */
async function findGroup(
  search: HostRoots & { readonly pid: number },
  memberships: readonly CgroupMembership[],
  controller: string,
): Promise<Group | undefined> {
  const first = memberships.find(({ controllers }) => controllers.includes(controller));
  const membership = first ?? memberships.find(({ hierarchy }) => hierarchy === 0);
  if (membership === undefined) return undefined;
  const version = first === undefined ? 2 : 1;
  const { path } = membership;
  const folders = await findCgroupFolders(search, { controller: version === 1 ? controller : "unified", path });
  const isRoot = folders[0] !== undefined && (await isMachine(folders[0], version));
  return { version, path, folders: isRoot ? [] : folders, isRoot };
}

/** The root of a hierarchy counts for the whole machine: version 1 has `cgroup.sane_behavior` only there, version 2 all but `cgroup.events`. */
async function isMachine(folder: string, version: 1 | 2): Promise<boolean> {
  const exists = (file: string) =>
    access(join(folder, file)).then(
      () => true,
      () => false,
    );
  return version === 1 ? exists("cgroup.sane_behavior") : !(await exists("cgroup.events"));
}

function outOfSight(pid: number, groups: readonly Group[]): Answer<Cgroup> {
  const paths = [...new Set(groups.map(({ path }) => path))].join(", ");
  const reason =
    `the control group ${paths} of process ${pid} is not in what jprof sees: let jprof run as the JVM's user or with CAP_SYS_PTRACE, ` +
    "so that it may look through /proc/PID/root, or mount the machine's /sys/fs/cgroup for it";
  return { ok: false, code: "denied", reason };
}

async function readPressure(folder: string | undefined, signal: AbortSignal): Promise<Cgroup["pressure"]> {
  const found: { -readonly [Resource in keyof Cgroup["pressure"]]: Pressure } = {};
  if (folder === undefined) return found;
  for (const resource of ["cpu", "memory", "io"] as const) {
    const text = await readText(join(folder, `${resource}.pressure`), "cgroup", signal);
    if (text.ok) found[resource] = parsePressure(text.value);
  }
  return found;
}
