import type { CgroupMemory } from "../model/cgroup.ts";
import { least, readGroupBytes, readGroupKeys } from "./cgroup-files.ts";

/** What one group and those around it allow and use. */
interface Level {
  readonly limitBytes: number | undefined;
  readonly usageBytes: number | undefined;
  readonly inactiveFileBytes: number;
}

/** Parts of the kernel's memory before Linux 5.18, which sums them as `kernel`. */
const kernelParts = ["kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock", "vmalloc", "slab"];

/** Reads the memory files of version 2; undefined where the group has none. */
export async function readMemory2(folders: readonly string[]): Promise<CgroupMemory | undefined> {
  const [own] = folders;
  if (own === undefined) return undefined;
  const [usageBytes, stat, swapBytes, events, highs, levels] = await Promise.all([
    readGroupBytes(own, "memory.current"),
    readGroupKeys(own, "memory.stat"),
    readGroupBytes(own, "memory.swap.current"),
    readGroupKeys(own, "memory.events"),
    Promise.all(folders.map((folder) => readGroupBytes(folder, "memory.high"))),
    Promise.all(folders.map((folder) => readLevel(folder, names2))),
  ]);
  if (usageBytes === undefined) return undefined;
  const parts = kernelParts.flatMap((part) => stat[part] ?? []);
  const kernelBytes = stat.kernel ?? (parts.length === 0 ? undefined : sum(parts));
  const anonymousBytes = stat.anon ?? 0;
  const shmemBytes = stat.shmem ?? 0;
  const kernelKept = Math.max((kernelBytes ?? 0) - (stat.slab_reclaimable ?? 0), 0);
  return {
    ...limitsOf(levels),
    highBytes: least(highs),
    usageBytes,
    workingSetBytes: Math.max(usageBytes - (stat.inactive_file ?? 0), 0),
    anonymousBytes,
    fileBytes: stat.file ?? 0,
    kernelBytes,
    shmemBytes,
    swapBytes,
    unreclaimableBytes: anonymousBytes + shmemBytes + kernelKept,
    events,
  };
}

/** Reads the memory files of version 1, whose `total_…` lines include the groups below; undefined where the group has none. */
export async function readMemory1(folders: readonly string[]): Promise<CgroupMemory | undefined> {
  const [own] = folders;
  if (own === undefined) return undefined;
  const [usageBytes, stat, kernelBytes, failures, oom, levels] = await Promise.all([
    readGroupBytes(own, "memory.usage_in_bytes"),
    readGroupKeys(own, "memory.stat"),
    readGroupBytes(own, "memory.kmem.usage_in_bytes"),
    readGroupBytes(own, "memory.failcnt"),
    readGroupKeys(own, "memory.oom_control"),
    Promise.all(folders.map((folder) => readLevel(folder, names1))),
  ]);
  if (usageBytes === undefined) return undefined;
  const inactiveFileBytes = stat.total_inactive_file ?? stat.inactive_file ?? 0;
  const workingSetBytes = Math.max(usageBytes - inactiveFileBytes, 0);
  // The limit of the groups around it, seen or not; the group's own usage counts against it at least.
  const limitAround = finite(stat.hierarchical_memory_limit);
  const anonymousBytes = stat.total_rss ?? stat.rss ?? 0;
  const shmemBytes = stat.total_shmem ?? stat.shmem ?? 0;
  return {
    ...limitsOf([...levels, { limitBytes: limitAround, usageBytes, inactiveFileBytes }]),
    highBytes: undefined,
    usageBytes,
    workingSetBytes,
    anonymousBytes,
    fileBytes: stat.total_cache ?? stat.cache ?? 0,
    kernelBytes,
    shmemBytes,
    swapBytes: stat.total_swap ?? stat.swap,
    unreclaimableBytes: anonymousBytes + shmemBytes,
    events: {
      ...(failures === undefined ? {} : { max: failures }),
      ...(oom.oom_kill === undefined ? {} : { oom_kill: oom.oom_kill }),
    },
  };
}

const names1 = { limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", inactive: "total_inactive_file" };
const names2 = { limit: "memory.max", usage: "memory.current", inactive: "inactive_file" };

async function readLevel(folder: string, names: typeof names1): Promise<Level> {
  const limitBytes = await readGroupBytes(folder, names.limit);
  if (limitBytes === undefined) return { limitBytes, usageBytes: undefined, inactiveFileBytes: 0 };
  const [usageBytes, stat] = await Promise.all([
    readGroupBytes(folder, names.usage),
    readGroupKeys(folder, "memory.stat"),
  ]);
  return { limitBytes, usageBytes, inactiveFileBytes: stat[names.inactive] ?? 0 };
}

function limitsOf(levels: readonly Level[]): Pick<CgroupMemory, "limitBytes" | "headroomBytes"> {
  const headrooms = levels.map(({ limitBytes, usageBytes, inactiveFileBytes }) => {
    if (limitBytes === undefined || usageBytes === undefined) return undefined;
    return Math.max(limitBytes - Math.max(usageBytes - inactiveFileBytes, 0), 0);
  });
  return { limitBytes: least(levels.map(({ limitBytes }) => limitBytes)), headroomBytes: least(headrooms) };
}

function finite(limit: number | undefined): number | undefined {
  return limit !== undefined && limit < 2 ** 60 ? limit : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
