import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CgroupMembership, parseCgroup } from "../formats/proc/cgroup.ts";
import { parsePressure } from "../formats/proc/pressure.ts";
import type { Answer } from "../model/answer.ts";
import type { Cgroup, Pressure } from "../model/cgroup.ts";
import { readCpu1, readCpu2 } from "./cgroup-cpu.ts";
import { type CgroupSearch, cgroupSearchOf, findCgroupFolders } from "./cgroup-folders.ts";
import { readMemory1, readMemory2 } from "./cgroup-memory.ts";
import { answerOf, readText, refusalOf } from "./read-text.ts";
import { refuseOther } from "./same-process.ts";

/** Where the kernel's files are. */
export interface HostRoots {
  /** `/proc`, or where the one of the JVM's machine is mounted. */
  readonly procRoot: string;
  /** What stands for `/sys` in jprof's own mount points. */
  readonly sysRoot: string;
  /** Of the process: with it, another one that has the pid now is noticed. */
  readonly startTicks?: number;
  /** Where its groups were found, kept as long as the process is watched; without it they are sought each time. */
  readonly places?: CgroupPlaces;
}

/** The groups of a process by what /proc/PID/cgroup says, sought anew when that changes, and now and then. */
export class CgroupPlaces {
  #text = "";
  #foundAtMillis = Number.NEGATIVE_INFINITY;
  #groups: Groups | undefined;

  async groupsOf(text: string, find: () => Promise<Groups>): Promise<Groups> {
    const nowMillis = performance.now();
    const isKnown = text === this.#text && nowMillis - this.#foundAtMillis < seekEveryMillis;
    if (isKnown && this.#groups !== undefined) return this.#groups;
    const groups = await find();
    this.#text = text;
    this.#foundAtMillis = nowMillis;
    this.#groups = groups;
    return groups;
  }
}

/** What is mounted where may change under a process that stays in its groups. */
const seekEveryMillis = 60_000;

/** A process's group in one hierarchy. */
interface Group {
  readonly version: 1 | 2;
  readonly path: string;
  /** Its folder and those of the groups around it; empty when it cannot be seen, or is the whole machine. */
  readonly folders: readonly string[];
  readonly isMachine: boolean;
}

/** A process's groups, by controller. */
interface Groups {
  readonly memory: Group | undefined;
  readonly cpu: Group | undefined;
  readonly accounting: Group | undefined;
  readonly unified: Group | undefined;
}

/** Reads the control groups around a process: version 1, version 2, or each controller where it is. */
export async function readCgroup(pid: number, roots: HostRoots, signal: AbortSignal): Promise<Answer<Cgroup>> {
  const { procRoot, sysRoot, startTicks } = roots;
  const path = join(procRoot, String(pid), "cgroup");
  const text = readText(path, "cgroup");
  if (!text.ok) return text;
  const other = startTicks === undefined ? undefined : refuseOther({ pid, procRoot, startTicks });
  if (other !== undefined) return other;
  try {
    const find = () => findGroups(cgroupSearchOf(pid, procRoot, sysRoot), parseCgroup(text.value));
    const groups = await (roots.places?.groupsOf(text.value, find) ?? find());
    signal.throwIfAborted();
    return await readGroups(pid, groups);
  } catch (error) {
    return refusalOf(error, path);
  }
}

async function findGroups(search: CgroupSearch, memberships: readonly CgroupMembership[]): Promise<Groups> {
  const groupOf = (controller: string) => findGroup(search, memberships, controller);
  const [memory, cpu, accounting, unified] = await Promise.all(["memory", "cpu", "cpuacct", ""].map(groupOf));
  return { memory, cpu, accounting, unified };
}

async function readGroups(pid: number, { memory, cpu, accounting, unified }: Groups): Promise<Answer<Cgroup>> {
  const groups = [memory, cpu, accounting, unified].filter((group) => group !== undefined);
  const named = memory ?? cpu ?? unified;
  if (named === undefined) return { ok: false, code: "absent", reason: "this kernel has no control groups" };
  if (groups.every(({ folders, isMachine }) => folders.length === 0 && !isMachine)) return outOfSight(pid, groups);
  const cgroup = {
    version: named.version,
    path: named.path,
    memory: await (memory?.version === 1 ? readMemory1(memory.folders) : readMemory2(memory?.folders ?? [])),
    cpu: cpu?.version === 1 ? readCpu1(cpu.folders, accounting?.folders ?? []) : readCpu2(cpu?.folders ?? []),
    pressure: readPressure(unified?.folders[0]),
  };
  return answerOf(cgroup, "cgroup");
}

/** The group of a controller, of version 1 where the kernel has it there. Undefined: the kernel has neither. */
async function findGroup(
  search: CgroupSearch,
  memberships: readonly CgroupMembership[],
  controller: string,
): Promise<Group | undefined> {
  const first = memberships.find(({ controllers }) => controllers.includes(controller));
  const membership = first ?? memberships.find(({ hierarchy }) => hierarchy === 0);
  if (membership === undefined) return undefined;
  const { path } = membership;
  const version = first === undefined ? 2 : 1;
  const folders = await findCgroupFolders(search, { controller: version === 1 ? controller : "unified", path });
  const isMachine = folders[0] !== undefined && isRootOf(folders[0], version);
  return { version, path, folders: isMachine ? [] : folders, isMachine };
}

/** The root of a hierarchy counts for the whole machine. Version 1 has `cgroup.sane_behavior` only there, version 2 `cgroup.events` only elsewhere. */
function isRootOf(folder: string, version: 1 | 2): boolean {
  return version === 1 ? existsSync(join(folder, "cgroup.sane_behavior")) : !existsSync(join(folder, "cgroup.events"));
}

function outOfSight(pid: number, groups: readonly Group[]): Answer<Cgroup> {
  const paths = [...new Set(groups.map(({ path }) => path))].join(", ");
  const reason =
    `the control group ${paths} of process ${pid} is not in what jprof sees: let jprof run as the JVM's user or with CAP_SYS_PTRACE, ` +
    "so that it may look through /proc/PID/root, or mount the machine's /sys/fs/cgroup for it";
  return { ok: false, code: "denied", reason };
}

function readPressure(folder: string | undefined): Cgroup["pressure"] {
  const found: { -readonly [Resource in keyof Cgroup["pressure"]]: Pressure } = {};
  if (folder === undefined) return found;
  for (const resource of ["cpu", "memory", "io"] as const) {
    const text = readText(join(folder, `${resource}.pressure`), "cgroup");
    if (text.ok) found[resource] = parsePressure(text.value);
  }
  return found;
}
