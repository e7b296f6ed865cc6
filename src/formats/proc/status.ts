import { FormatError } from "../../model/errors.ts";

/** What /proc/PID/status says that jprof needs. Sizes are in bytes; what the kernel does not give is undefined. */
export interface ProcStatus {
  /** The kernel's name of the main thread, at most 15 bytes: `java`. */
  readonly name: string;
  /** One letter: `R` running, `S` sleeping, `D` in disk wait, `T` stopped, `t` traced, `Z` zombie, `X` dead. */
  readonly state: string;
  readonly tgid: number;
  /** The process's id in each PID namespace it is in, outermost first; `[tgid]` before Linux 4.1. */
  readonly namespacePids: readonly number[];
  /** Real, effective, saved, file system. */
  readonly uids: readonly number[];
  /** Real, effective, saved, file system. */
  readonly gids: readonly number[];
  /** Bit n − 1 is signal n. */
  readonly caughtSignals: bigint;
  /** Bit n − 1 is signal n. */
  readonly ignoredSignals: bigint;
  readonly threads: number | undefined;
  readonly residentBytes: number | undefined;
  readonly residentPeakBytes: number | undefined;
  /** The three kinds of resident memory since Linux 4.5. */
  readonly residentAnonymousBytes: number | undefined;
  readonly residentFileBytes: number | undefined;
  readonly residentShmemBytes: number | undefined;
  readonly virtualBytes: number | undefined;
  readonly swapBytes: number | undefined;
  /** Of hugetlbfs, which resident memory does not include. */
  readonly hugetlbBytes: number | undefined;
  /** Of the main thread only, not of the process. */
  readonly voluntarySwitches: number | undefined;
  /** Of the main thread only, not of the process. */
  readonly involuntarySwitches: number | undefined;
  /** CPUs that the main thread may run on. */
  readonly allowedCpus: number | undefined;
  readonly noNewPrivileges: boolean | undefined;
  /** 0 off, 1 strict, 2 filter. */
  readonly seccomp: number | undefined;
}

/** Parses /proc/PID/status. A zombie has no memory, so its sizes are undefined. */
export function parseStatus(text: string): ProcStatus {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const name = fields.get("Name");
  const tgid = count(fields.get("Tgid"));
  if (name === undefined || tgid === undefined) {
    throw new FormatError('expected the lines "Name:" and "Tgid:" of /proc/PID/status');
  }
  const namespacePids = counts(fields.get("NSpid"));
  return {
    name: name.replace(/\\(n|\\)/g, (_, escaped: string) => (escaped === "n" ? "\n" : "\\")),
    state: fields.get("State")?.slice(0, 1) ?? "",
    tgid,
    namespacePids: namespacePids.length > 0 ? namespacePids : [tgid],
    uids: counts(fields.get("Uid")),
    gids: counts(fields.get("Gid")),
    caughtSignals: signals(fields.get("SigCgt")),
    ignoredSignals: signals(fields.get("SigIgn")),
    threads: count(fields.get("Threads")),
    ...memoryOf(fields),
    voluntarySwitches: count(fields.get("voluntary_ctxt_switches")),
    involuntarySwitches: count(fields.get("nonvoluntary_ctxt_switches")),
    allowedCpus: cpusOf(fields.get("Cpus_allowed_list")),
    noNewPrivileges: fields.has("NoNewPrivs") ? fields.get("NoNewPrivs") === "1" : undefined,
    seccomp: count(fields.get("Seccomp")),
  };
}

function memoryOf(fields: ReadonlyMap<string, string>) {
  return {
    residentBytes: kibibytes(fields.get("VmRSS")),
    residentPeakBytes: kibibytes(fields.get("VmHWM")),
    residentAnonymousBytes: kibibytes(fields.get("RssAnon")),
    residentFileBytes: kibibytes(fields.get("RssFile")),
    residentShmemBytes: kibibytes(fields.get("RssShmem")),
    virtualBytes: kibibytes(fields.get("VmSize")),
    swapBytes: kibibytes(fields.get("VmSwap")),
    hugetlbBytes: kibibytes(fields.get("HugetlbPages")),
  };
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function counts(value: string | undefined): readonly number[] {
  const numbers = (value ?? "").split(/\s+/).map(count);
  return numbers.every((number) => number !== undefined) ? numbers : [];
}

function kibibytes(value: string | undefined): number | undefined {
  const match = /^(\d{1,12}) kB$/.exec(value ?? "");
  return match === null ? undefined : Number(match[1]) * 1024;
}

function signals(value: string | undefined): bigint {
  return value !== undefined && /^[0-9a-f]{1,32}$/i.test(value) ? BigInt(`0x${value}`) : 0n;
}

/** `0-3,8`: the number of CPUs in a list of ranges. */
function cpusOf(list: string | undefined): number | undefined {
  let cpus = 0;
  for (const range of (list ?? "").split(",")) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(range);
    if (match === null) return undefined;
    cpus += Math.max(Number(match[2] ?? match[1]) - Number(match[1]) + 1, 0);
  }
  return cpus;
}
