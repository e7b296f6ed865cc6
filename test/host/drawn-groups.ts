import { join } from "node:path";
import { readCgroup } from "../../src/host/cgroup.ts";
import type { Cgroup } from "../../src/model/cgroup.ts";
import { drawFiles } from "./drawn-files.ts";

const { signal } = new AbortController();

export const mebibyte = 2 ** 20;

/** Reads the groups of process 7 in a drawn machine. */
export async function cgroupOf(files: Readonly<Record<string, string>>, pid = 7) {
  const top = drawFiles(files);
  return readCgroup(pid, { procRoot: join(top, "proc"), sysRoot: join(top, "sys") }, signal);
}

/** What is read of process 7. */
export async function groupOf(files: Readonly<Record<string, string>>): Promise<Cgroup> {
  const answer = await cgroupOf(files);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

/** A line of mountinfo: a hierarchy of version 2, or of version 1 with controllers. */
export function mount(root: string, controllers = "", point = join("/sys/fs/cgroup", controllers)): string {
  const system = controllers === "" ? "cgroup2 cgroup2 rw,nsdelegate" : `cgroup cgroup rw,${controllers}`;
  return `31 23 0:28 ${root} ${point} rw,relatime shared:9 - ${system}\n`;
}

/** Version 2: what each group has; the given files replace these. */
export function group2(files: Readonly<Record<string, string>> = {}) {
  return {
    "cgroup.procs": "7\n",
    "cgroup.events": "populated 1\n",
    "memory.current": `${400 * mebibyte}\n`,
    "memory.max": "max\n",
    "memory.high": "max\n",
    "memory.swap.current": "0\n",
    "memory.stat": stat2,
    "memory.events": "low 0\nhigh 3\nmax 5\noom 1\noom_kill 1\noom_group_kill 0\n",
    "cpu.max": "max 100000\n",
    "cpu.stat": "usage_usec 2500000\nuser_usec 2000000\nnr_periods 9\nnr_throttled 4\nthrottled_usec 750000\n",
    ...files,
  };
}

const stat2 = [
  `anon ${150 * mebibyte}`,
  `file ${200 * mebibyte}`,
  `kernel ${20 * mebibyte}`,
  `shmem ${50 * mebibyte}`,
  `inactive_file ${100 * mebibyte}`,
  `slab_reclaimable ${8 * mebibyte}`,
  "",
].join("\n");
