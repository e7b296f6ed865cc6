import type { CgroupMemory } from "../model/cgroup.ts";
import { type GroupKeys, readGroupBytes, readGroupKeys, readMemoryStat } from "./cgroup-files.ts";

/** What one group and those around it allow and use. */
interface Level {
  readonly limitBytes: number | undefined;
  readonly usageBytes: number | undefined;
  readonly inactiveFileBytes: number | undefined;
}

const names1 = { limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", inactive: "total_inactive_file" };
const names2 = { limit: "memory.max", usage: "memory.current", inactive: "inactive_file" };

/** Parts of the kernel's memory before Linux 5.18, which sums them as `kernel`. */
const kernelParts = ["kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock", "vmalloc", "slab"];

/** Reads the memory files of version 2; undefined where the group has none. */
export async function readMemory2(folders: readonly string[]): Promise<CgroupMemory | undefined> {
  const [own, ...around] = folders;
  const usageBytes = own === undefined ? undefined : readGroupBytes(own, names2.usage);
  if (own === undefined || usageBytes === undefined) return undefined;
  const stat = await readMemoryStat(own);
  const ownLevel = { limitBytes: readGroupBytes(own, names2.limit), usageBytes, inactiveFileBytes: stat.inactive_file };
  const levels = [ownLevel, ...(await Promise.all(around.map((folder) => readLevel(folder, names2))))];
  const { anon: anonymousBytes = 0, shmem: shmemBytes = 0, slab_reclaimable: reclaimable = 0 } = stat;
  const kernelBytes = kernelOf(stat);
  return {
    ...limitsOf(levels),
    highBytes: least(folders.map((folder) => readGroupBytes(folder, "memory.high"))),
    usageBytes,
    workingSetBytes: workingSetOf(ownLevel),
    anonymousBytes,
    fileBytes: stat.file ?? 0,
    kernelBytes,
    shmemBytes,
    swapBytes: readGroupBytes(own, "memory.swap.current"),
    unreclaimableBytes: anonymousBytes + shmemBytes + Math.max((kernelBytes ?? 0) - reclaimable, 0),
    events: readGroupKeys(own, "memory.events"),
  };
}

/** Reads the memory files of version 1; undefined where the group has none. */
export async function readMemory1(folders: readonly string[]): Promise<CgroupMemory | undefined> {
  const [own, ...around] = folders;
  const usageBytes = own === undefined ? undefined : readGroupBytes(own, names1.usage);
  if (own === undefined || usageBytes === undefined) return undefined;
  const stat = await readMemoryStat(own);
  const inactiveFileBytes = stat.total_inactive_file;
  const ownLevel = { limitBytes: readGroupBytes(own, names1.limit), usageBytes, inactiveFileBytes };
  // Of the groups around it, seen or not; the group's own usage counts against that limit at least.
  const unseen = { ...ownLevel, limitBytes: stat.hierarchical_memory_limit };
  const levels = [ownLevel, unseen, ...(await Promise.all(around.map((folder) => readLevel(folder, names1))))];
  // The lines `total_…` include the groups below, as the usage does.
  const { total_rss: anonymousBytes = 0, total_shmem: shmemBytes = 0 } = stat;
  return {
    ...limitsOf(levels),
    highBytes: undefined,
    usageBytes,
    workingSetBytes: workingSetOf(ownLevel),
    anonymousBytes,
    fileBytes: stat.total_cache ?? 0,
    kernelBytes: readGroupBytes(own, "memory.kmem.usage_in_bytes"),
    shmemBytes,
    swapBytes: stat.total_swap,
    unreclaimableBytes: anonymousBytes + shmemBytes,
    events: events1(own),
  };
}

async function readLevel(folder: string, names: typeof names1): Promise<Level> {
  const limitBytes = readGroupBytes(folder, names.limit);
  if (limitBytes === undefined) return { limitBytes, usageBytes: undefined, inactiveFileBytes: undefined };
  const stat = await readMemoryStat(folder);
  return { limitBytes, usageBytes: readGroupBytes(folder, names.usage), inactiveFileBytes: stat[names.inactive] };
}

function limitsOf(levels: readonly Level[]): Pick<CgroupMemory, "limitBytes" | "headroomBytes"> {
  const limited = levels.map((level) => ({ ...level, limitBytes: finite(level.limitBytes) }));
  const headrooms = limited.map(({ limitBytes, usageBytes, inactiveFileBytes }) => {
    if (limitBytes === undefined || usageBytes === undefined) return undefined;
    return Math.max(limitBytes - workingSetOf({ usageBytes, inactiveFileBytes }), 0);
  });
  return { limitBytes: least(limited.map(({ limitBytes }) => limitBytes)), headroomBytes: least(headrooms) };
}

function workingSetOf(level: { readonly usageBytes: number; readonly inactiveFileBytes: number | undefined }): number {
  return Math.max(level.usageBytes - (level.inactiveFileBytes ?? 0), 0);
}

/** Version 1 writes the greatest number of pages that a long holds where there is no limit. */
function finite(limit: number | undefined): number | undefined {
  return limit !== undefined && limit < 2 ** 60 ? limit : undefined;
}

function kernelOf(stat: GroupKeys): number | undefined {
  const parts = kernelParts.flatMap((part) => stat[part] ?? []);
  return stat.kernel ?? (parts.length === 0 ? undefined : parts.reduce((total, part) => total + part, 0));
}

/** Version 1 has no memory.events; these two files tell the same. */
function events1(folder: string): GroupKeys {
  const failures = readGroupBytes(folder, "memory.failcnt");
  const { oom_kill: kills } = readGroupKeys(folder, "memory.oom_control");
  return {
    ...(failures === undefined ? {} : { max: failures }),
    ...(kills === undefined ? {} : { oom_kill: kills }),
  };
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
