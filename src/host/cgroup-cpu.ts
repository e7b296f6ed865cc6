import { cpusOf, parseCpuMax } from "../formats/proc/cgroup-limits.ts";
import type { CgroupCpu } from "../model/cgroup.ts";
import { type GroupKeys, readGroupBytes, readGroupKeys, readGroupText } from "./cgroup-files.ts";

/** What one group allows, and how often that was too little. */
interface Level {
  readonly limitCpus: number | undefined;
  readonly stat: GroupKeys;
}

/** Reads the CPU files of version 2; undefined where the group has none. */
export function readCpu2(folders: readonly string[]): CgroupCpu | undefined {
  const levels = folders.map((folder) => ({
    limitCpus: parseCpuMax(readGroupText(folder, "cpu.max")),
    stat: readGroupKeys(folder, "cpu.stat"),
  }));
  const usageMicros = levels[0]?.stat.usage_usec;
  if (usageMicros === undefined) return undefined;
  return cpuOf(levels, usageMicros / 1e6, ({ throttled_usec: micros }) => seconds(micros, 1e6));
}

/** Reads the CPU files of version 1, where the time that was used is counted in a hierarchy of its own. */
export function readCpu1(folders: readonly string[], accountingFolders: readonly string[]): CgroupCpu | undefined {
  const levels = folders.map((folder) => ({
    limitCpus: cpusOf(readGroupText(folder, "cpu.cfs_quota_us"), readGroupText(folder, "cpu.cfs_period_us")),
    stat: readGroupKeys(folder, "cpu.stat"),
  }));
  const [accounting] = accountingFolders;
  const usageNanos = accounting === undefined ? undefined : readGroupBytes(accounting, "cpuacct.usage");
  if (levels.length === 0 && usageNanos === undefined) return undefined;
  return cpuOf(levels, seconds(usageNanos, 1e9), ({ throttled_time: nanos }) => seconds(nanos, 1e9));
}

/** Throttling is that of the tightest quota: a group without one is never throttled by itself. */
function cpuOf(
  levels: readonly Level[],
  usageSeconds: number | undefined,
  throttledOf: (stat: GroupKeys) => number | undefined,
): CgroupCpu {
  const limited = levels.filter(({ limitCpus }) => limitCpus !== undefined);
  const [tightest = levels[0]] = limited.sort((a, b) => (a.limitCpus ?? 0) - (b.limitCpus ?? 0));
  const stat = tightest?.stat ?? {};
  return {
    limitCpus: tightest?.limitCpus,
    usageSeconds,
    periods: stat.nr_periods,
    throttledPeriods: stat.nr_throttled,
    throttledSeconds: throttledOf(stat),
  };
}

function seconds(value: number | undefined, perSecond: number): number | undefined {
  return value === undefined ? undefined : value / perSecond;
}
