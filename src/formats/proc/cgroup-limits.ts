/** From here on a version 1 limit stands for none: the kernel writes the greatest number of pages that a long holds. */
const unlimitedFromBytes = 2 ** 60;

/** A limit or amount in bytes, in a file of one number; `max`, a number that stands for it and anything odd are undefined. */
export function parseCgroupBytes(text: string): number | undefined {
  const value = text.trim();
  if (!/^\d{1,20}$/.test(value)) return undefined;
  return Number(value) < unlimitedFromBytes ? Number(value) : undefined;
}

/** CPUs that `cpu.max` allows: `quota period` in microseconds; undefined: no quota. */
export function parseCpuMax(text: string): number | undefined {
  const [quota = "", period = ""] = text.trim().split(" ");
  return cpusOf(quota, period);
}

/** CPUs that version 1 allows, of `cpu.cfs_quota_us` and `cpu.cfs_period_us`; undefined: no quota, which is −1. */
export function cpusOf(quota: string, period: string): number | undefined {
  if (!/^\d{1,15}\s*$/.test(quota) || !/^\d{1,15}\s*$/.test(period)) return undefined;
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}
