import { FormatError } from "../../model/errors.ts";

/** Where the pages of a process are, in bytes; what an older kernel does not tell is undefined. */
export interface SmapsRollup {
  readonly residentBytes: number;
  /** Resident, with each shared page divided by the number of processes that share it. */
  readonly proportionalBytes: number | undefined;
  readonly anonymousBytes: number | undefined;
  /** Pages that no file or other process backs: what goes away with the process. */
  readonly privateBytes: number | undefined;
  /** In transparent huge pages: of anonymous, shared and file memory. */
  readonly anonymousHugeBytes: number | undefined;
  readonly shmemHugeBytes: number | undefined;
  readonly fileHugeBytes: number | undefined;
  /** Of hugetlbfs, which resident memory does not include. */
  readonly hugetlbBytes: number | undefined;
  readonly swapBytes: number | undefined;
  readonly lockedBytes: number | undefined;
}

/** Parses /proc/PID/smaps_rollup, or sums the mappings of /proc/PID/smaps: both have lines of one form. */
export function parseSmapsRollup(text: string): SmapsRollup {
  const sums = new Map<string, number>();
  for (const match of text.matchAll(/^(\w{1,30}): {1,30}(\d{1,12}) kB$/gm)) {
    const [, key = "", kibibytes] = match;
    sums.set(key, (sums.get(key) ?? 0) + Number(kibibytes) * 1024);
  }
  const residentBytes = sums.get("Rss");
  if (residentBytes === undefined) throw new FormatError('expected a line "Rss: … kB" of /proc/PID/smaps_rollup');
  return {
    residentBytes,
    proportionalBytes: sums.get("Pss"),
    anonymousBytes: sums.get("Anonymous"),
    privateBytes: sumOf(sums.get("Private_Clean"), sums.get("Private_Dirty")),
    anonymousHugeBytes: sums.get("AnonHugePages"),
    shmemHugeBytes: sums.get("ShmemPmdMapped"),
    fileHugeBytes: sums.get("FilePmdMapped"),
    hugetlbBytes: sumOf(sums.get("Shared_Hugetlb"), sums.get("Private_Hugetlb")),
    swapBytes: sums.get("Swap"),
    lockedBytes: sums.get("Locked"),
  };
}

function sumOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}
