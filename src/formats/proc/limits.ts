import { FormatError } from "../../model/errors.ts";

/** One resource limit of a process; Infinity is `unlimited`. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

/** Parses /proc/PID/limits: by the name that the kernel gives it, such as `Max open files`. */
export function parseLimits(text: string): ReadonlyMap<string, ResourceLimit> {
  const limits = new Map<string, ResourceLimit>();
  const line = /^(Max [a-z ]{1,20}?) {2,30}(\d{1,20}|unlimited) {1,30}(\d{1,20}|unlimited)(?: |$)/gm;
  for (const [, name = "", soft = "", hard = ""] of text.matchAll(line)) {
    limits.set(name, { soft: limitOf(soft), hard: limitOf(hard) });
  }
  if (limits.size === 0) throw new FormatError('expected lines "Max … soft hard units" of /proc/PID/limits');
  return limits;
}

function limitOf(value: string): number {
  return value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
}
