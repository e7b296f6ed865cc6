import { type CodeCache, codeCacheOf } from "./code-cache.ts";
import { type CommandLine, commandLineOf } from "./command-line.ts";
import { type GcHeapUse, gcHeapHistoryOf } from "./gc-heap-history.ts";
import { type HeapInfo, heapInfoOf } from "./heap-info.ts";
import { type Metaspace, metaspaceOf } from "./metaspace.ts";
import { type NativeMemory, nativeMemoryOf } from "./native-memory.ts";
import { countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";
import {
  type ContainerInfo,
  containerOf,
  type MachineMemory,
  machineMemoryOf,
  type ProcessMemory,
  processMemoryOf,
  type ResourceLimit,
  resourceLimitsOf,
} from "./vm-info-system.ts";

/**
 * What `VM.info` prints, but for the environment's variables, which hold secrets and which it prints too. What is not told, or was cut off,
 * is undefined.
 */
export interface VmInfo {
  /** `OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6-Debian-1deb12u1)` */
  readonly runtime: string | undefined;
  /** `OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, …, g1 gc, linux-amd64)` */
  readonly vm: string | undefined;
  readonly uptimeSeconds: number | undefined;
  readonly cores: number | undefined;
  /** As it stands: it may hold passwords. */
  readonly commandLine: CommandLine;
  readonly heap: HeapInfo | undefined;
  readonly gcHistory: readonly GcHeapUse[];
  readonly metaspace: Metaspace | undefined;
  readonly codeCache: CodeCache | undefined;
  /** Undefined where it is not tracked, too. */
  readonly nativeMemory: NativeMemory | undefined;
  /** Paths of the shared libraries that are mapped, sorted. */
  readonly libraries: readonly string[];
  readonly process: ProcessMemory | undefined;
  readonly limits: Readonly<Record<string, ResourceLimit>>;
  readonly container: ContainerInfo | undefined;
  readonly machine: MachineMemory | undefined;
  /** `glibc 2.36 NPTL 2.36` */
  readonly libc: string | undefined;
  /** `Linux 6.1.0 #1 SMP x86_64` */
  readonly kernel: string | undefined;
  /** Milliseconds between two times that the JVM tells glibc to give memory back; undefined where it does not. */
  readonly nativeTrimMillis: number | undefined;
  /** Whether the text has its end. */
  readonly isComplete: boolean;
}

/** The reply to `VM.info`, JDK 11 to 25. */
export function parseVmInfo(text: string): VmInfo {
  const lines = linesOf(text);
  expectReplyOf("VM.info", lines);
  const textOf = (label: string) => {
    const line = lines.find((each) => each.startsWith(label));
    return line?.slice(label.length).trim();
  };
  const commandLine = commandLineOf(lines);
  return {
    runtime: textOf("# JRE version: "),
    vm: textOf("# Java VM: "),
    uptimeSeconds: secondsOf(lines.find((line) => line.includes("elapsed time: ")) ?? ""),
    cores: coresOf(textOf("Host: ") ?? ""),
    commandLine,
    gcHistory: gcHeapHistoryOf(lines),
    ...memoryOf(lines),
    libraries: librariesOf(lines),
    limits: resourceLimitsOf(lines.find((line) => line.startsWith("rlimit")) ?? ""),
    libc: textOf("libc: "),
    kernel: textOf("uname: "),
    nativeTrimMillis: countAfter(textOf("Periodic native trim enabled") ?? "", "interval: "),
    isComplete: lines.includes("END."),
  };
}

type Memory = Pick<VmInfo, "heap" | "metaspace" | "codeCache" | "nativeMemory" | "process" | "container" | "machine">;

function memoryOf(lines: readonly string[]): Memory {
  const from = (heading: RegExp, end: RegExp) => sectionOf(lines, heading, end);
  const heap = from(/^Heap:/, /^$/);
  const metaspace = from(/^Metaspace:/, /^(?:Code|Compilation|Internal statistics)/);
  const codeCache = from(/^(?=CodeHeap '|CodeCache: )/, /^$/);
  const native = from(/^Native Memory Tracking:/, /^(?:Preinit state|-{15} )/);
  const process = from(/^Process Memory:/, /^$/);
  const container = from(/^container \(cgroup\) information:/, /^$/);
  return {
    heap: heap && heapInfoOf(heap),
    metaspace: metaspace && metaspaceOf(metaspace),
    codeCache: codeCache && codeCacheOf(codeCache),
    nativeMemory: native && nativeMemoryOf(native),
    process: process && processMemoryOf(process),
    container: container && containerOf(container),
    machine: machineMemoryOf(from(/^\/proc\/meminfo:/, /^$/) ?? []),
  };
}

/** The lines from the heading (or, of one that is empty, from its line on) to the next that ends it, neither included. */
function sectionOf(lines: readonly string[], heading: RegExp, end: RegExp): readonly string[] | undefined {
  const at = lines.findIndex((line) => heading.test(line));
  if (at < 0) return undefined;
  const start = heading.exec(lines[at]!)?.[0] === "" ? at : at + 1;
  const length = lines.slice(start).findIndex((line) => end.test(line));
  return length < 0 ? lines.slice(start) : lines.slice(start, start + length);
}

/** `Time: Wed Nov 25 03:44:34 2026 UTC elapsed time: 4.292846 seconds (0d 0h 0m 4s)`; JDK 11 has no fraction. */
function secondsOf(line: string): number | undefined {
  const seconds = /elapsed time: (\d+(?:\.\d+)?) seconds/.exec(line)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** `AMD EPYC, 2 cores, 23G, Debian GNU/Linux 12 (bookworm)` */
function coresOf(host: string): number | undefined {
  const cores = /, (\d+) cores, /.exec(host)?.[1];
  return cores === undefined ? undefined : Number(cores);
}

/** Of the process's map, below `Dynamic libraries:`. */
function librariesOf(lines: readonly string[]): readonly string[] {
  const mappings = sectionOf(lines, /^Dynamic libraries:/, /^(?:$|Total number of mappings)/) ?? [];
  const paths = mappings.flatMap((line) => {
    const at = line.indexOf(" /");
    const path = at < 0 ? "" : line.slice(at + 1);
    return /\.so(?:\.[\d.]+)?(?: \(deleted\))?$/.test(path) ? path : [];
  });
  return [...new Set(paths)].sort();
}
