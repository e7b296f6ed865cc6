import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";

/** What the head of a log tells of the JVM, as numbers. */
export interface LogFacts {
  readonly version: string | undefined;
  readonly major: number | undefined;
  readonly maxHeapBytes: number | undefined;
  readonly initialHeapBytes: number | undefined;
  readonly regionBytes: number | undefined;
  readonly gcThreads: number | undefined;
  readonly concurrentThreads: number | undefined;
  readonly cpus: number | undefined;
  readonly cpusAvailable: number | undefined;
  /** Of the machine, or of the container. */
  readonly memoryBytes: number | undefined;
  readonly compressedOops: boolean | undefined;
  readonly pauseTargetSeconds: number | undefined;
  /** Flags of the command line, where the log has them. */
  readonly flags: string | undefined;
}

/** The head of the last JVM of a log; undefined for what it does not tell. */
export function logFactsOf({ runs }: GcLogEvidence): LogFacts {
  const facts = runs.findLast((run) => run.facts.size > 0)?.facts ?? new Map<string, string>();
  const of = (...names: readonly string[]) => names.map((name) => facts.get(name)).find((text) => text !== undefined);
  const flags = of("CommandLine flags");
  const version = of("Version");
  const [, cpus, available] = /^(\d+) total, (\d+) available/.exec(of("CPUs") ?? "") ?? [];
  const reserved = / size: (\d+ [KMG]B)/.exec(of("Heap address") ?? "")?.[1];
  const oops = of("Compressed Oops");
  return {
    version,
    major: majorOf(version),
    maxHeapBytes: sizeOf(of("Heap Max Capacity", "Max Capacity") ?? reserved),
    initialHeapBytes: sizeOf(of("Heap Initial Capacity", "Initial Capacity")),
    regionBytes: sizeOf(of("Heap Region Size", "Heap region size")),
    gcThreads: numberOf(of("Parallel Workers", "GC Workers Max", "GC Workers") ?? flagIn(flags, "ParallelGCThreads")),
    concurrentThreads: numberOf(of("Concurrent Workers")),
    cpus: numberOf(cpus),
    cpusAvailable: numberOf(available),
    memoryBytes: sizeOf(of("Memory")),
    compressedOops: oops === undefined ? undefined : /^Enabled/.test(oops),
    pauseTargetSeconds: millisOf(flagIn(flags, "MaxGCPauseMillis")),
    flags,
  };
}

function flagIn(flags: string | undefined, name: string): string | undefined {
  return flags === undefined ? undefined : new RegExp(`-XX:${name}=(\\d+)`).exec(flags)?.[1];
}

function majorOf(version: string | undefined): number | undefined {
  const [, old, recent] = /(?:1\.(\d+)\.0|^(\d+)[.+ -])/.exec(version ?? "") ?? [];
  return numberOf(old ?? recent);
}

const units: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function sizeOf(text: string | undefined): number | undefined {
  const [, digits, unit = "B"] = /^(\d+(?:\.\d+)?) ?([KMGTB])?B?/.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1);
}

function numberOf(text: string | undefined): number | undefined {
  const [, digits] = /^(\d+)/.exec(text ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function millisOf(text: string | undefined): number | undefined {
  const millis = numberOf(text);
  return millis === undefined || millis > 60_000 ? undefined : millis / 1000;
}
