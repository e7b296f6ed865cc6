import type { Bytes } from "../../model/units.ts";
import { bytesAfter, bytesOf, countAfter } from "./quantity.ts";

/** The process's memory by the kernel and by glibc. What the JVM does not tell is undefined. */
export interface ProcessMemory {
  readonly virtualBytes: Bytes | undefined;
  readonly virtualPeakBytes: Bytes | undefined;
  readonly residentBytes: Bytes | undefined;
  readonly residentPeakBytes: Bytes | undefined;
  readonly anonymousBytes: Bytes | undefined;
  readonly fileBytes: Bytes | undefined;
  readonly shmemBytes: Bytes | undefined;
  readonly swapBytes: Bytes | undefined;
  /** What glibc's malloc has given out to everyone, the JVM or not; tells nothing where another allocator is in use. */
  readonly outstandingBytes: Bytes | undefined;
  /** What it keeps of what was freed. */
  readonly retainedBytes: Bytes | undefined;
  /** An old glibc counts in 32 bits. */
  readonly mayHaveWrapped: boolean;
  /** `(default)`, `glibc.malloc.arena_max=2` */
  readonly tunables: string | undefined;
}

/** The lines below `Process Memory:`. */
export function processMemoryOf(lines: readonly string[]): ProcessMemory {
  const lineOf = (label: string) => lines.find((line) => line.startsWith(label)) ?? "";
  const virtual = lineOf("Virtual Size: ");
  const resident = lineOf("Resident Set Size: ");
  const malloc = lineOf("C-Heap outstanding allocations: ");
  return {
    virtualBytes: bytesAfter(virtual, "Virtual Size: "),
    virtualPeakBytes: bytesAfter(virtual, "(peak: "),
    residentBytes: bytesAfter(resident, "Resident Set Size: "),
    residentPeakBytes: bytesAfter(resident, "(peak: "),
    anonymousBytes: bytesAfter(resident, "(anon: "),
    fileBytes: bytesAfter(resident, ", file: "),
    shmemBytes: bytesAfter(resident, ", shmem: "),
    swapBytes: bytesAfter(lineOf("Swapped out: "), "Swapped out: "),
    outstandingBytes: bytesAfter(malloc, "allocations: "),
    retainedBytes: bytesAfter(malloc, "retained: "),
    mayHaveWrapped: malloc.includes("(may have wrapped)"),
    tunables: lineOf("glibc malloc tunables: ").slice("glibc malloc tunables: ".length) || undefined,
  };
}

/** A resource limit; undefined where there is none, or it is not told (the hard one on JDK 11). Bytes for those of memory. */
export interface ResourceLimit {
  readonly soft: number | undefined;
  readonly hard: number | undefined;
}

/** `rlimit (soft/hard): STACK 8192k/infinity , NOFILE 20000/20000`, by the name in capitals. */
export function resourceLimitsOf(line: string): Readonly<Record<string, ResourceLimit>> {
  const limits = line.matchAll(/ ([A-Z]+) (\d+k?|infinity)(?:\/(\d+k?|infinity))?/g);
  return Object.fromEntries(
    [...limits].map(([, name, soft, hard]) => [name, { soft: limitOf(soft), hard: limitOf(hard) }]),
  );
}

function limitOf(text: string | undefined): number | undefined {
  return text === undefined || text === "infinity" ? undefined : bytesOf(text.replace("k", ""), text.slice(-1));
}

/** What the JVM found out of its control group, and so what it sized itself by. */
export interface ContainerInfo {
  /** `cgroupv1`, `cgroupv2` */
  readonly type: string | undefined;
  /** By the JVM's names (`memory_limit_in_bytes`); undefined where there is no limit or it is not known. */
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** The lines below `container (cgroup) information:`: `75388 k`, `-1` and `unlimited` are there. */
export function containerOf(lines: readonly string[]): ContainerInfo {
  const values: Record<string, number | undefined> = {};
  let type: string | undefined;
  for (const line of lines) {
    const colon = line.indexOf(": ");
    if (colon < 0) continue;
    const [name, text] = [line.slice(0, colon), line.slice(colon + 2)];
    if (name === "container_type") type = text;
    else values[name] = /^\d+( k)?$/.test(text) ? bytesAfter(line, ": ") : undefined;
  }
  return { type, values };
}

/** The machine's memory. */
export interface MachineMemory {
  readonly totalBytes: Bytes;
  readonly freeBytes: Bytes | undefined;
  /** What could be had without swapping. */
  readonly availableBytes: Bytes | undefined;
}

/** The lines below `/proc/meminfo:`; undefined where they are missing. */
export function machineMemoryOf(lines: readonly string[]): MachineMemory | undefined {
  const bytes = (name: string) => {
    const kilobytes = countAfter(lines.find((line) => line.startsWith(name))?.replaceAll(" ", "") ?? "", ":");
    return kilobytes === undefined ? undefined : kilobytes * 1024;
  };
  const totalBytes = bytes("MemTotal:");
  return totalBytes === undefined
    ? undefined
    : { totalBytes, freeBytes: bytes("MemFree:"), availableBytes: bytes("MemAvailable:") };
}
