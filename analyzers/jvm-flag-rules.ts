import { formatBytes } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf } from "./event-rows.ts";
import { flagNumber, isExplicit, type RecordedFlag } from "./recorded-flags.ts";
import { argumentsIn, majorOf } from "./recorded-jvm.ts";

/** What is wrong with a flag. */
export interface FlagRemark {
  readonly flag: string;
  readonly severity: "info" | "warning";
  readonly title: string;
  readonly advice: string;
}

type Flags = ReadonlyMap<string, RecordedFlag>;
type FlagRule = (flags: Flags, recording: RecordingEvidence) => FlagRemark | undefined;

const gibibyte = 2 ** 30;

/** Heaps just above the size up to which references take four bytes hold less than heaps just below it. */
const compressedOopsCliff: FlagRule = (flags, recording) => {
  const heap = eventsOf(recording, "jdk.GCHeapConfiguration");
  const maxBytes = heap.number("maxSize", 0);
  if (heap.number("usesCompressedOops", 0) !== 0 || flags.get("UseZGC")?.value === 1) return undefined;
  if (!(maxBytes >= 32 * gibibyte && maxBytes < 47 * gibibyte)) return undefined;
  return {
    flag: "MaxHeapSize",
    severity: "warning",
    title: `A heap of ${formatBytes(maxBytes)} is just too big for compressed references, and holds less than one of 31 GiB`,
    advice: "Set -Xmx31g, or more than 47 GiB: above 32 GiB each reference takes eight bytes instead of four.",
  };
};

const serialByErgonomics: FlagRule = (flags, recording) => {
  const serial = flags.get("UseSerialGC");
  if (serial?.value !== 1 || isExplicit(serial)) return undefined;
  const maxBytes = eventsOf(recording, "jdk.GCHeapConfiguration").number("maxSize", 0);
  return {
    flag: "UseSerialGC",
    severity: maxBytes >= gibibyte ? "warning" : "info",
    title: "The JVM chose the serial collector by itself, since it sees fewer than two CPUs or less than 1,792 MiB",
    advice:
      "If this is a service, choose on purpose: -XX:+UseG1GC, and give the container at least two CPUs (or -XX:ActiveProcessorCount).",
  };
};

const explicitGcDisabled: FlagRule = (flags, recording) => {
  if (flags.get("DisableExplicitGC")?.value !== 1) return undefined;
  const buffers = eventsOf(recording, "jdk.DirectBufferStatistics");
  const used = buffers.number("memoryUsed", buffers.rows - 1);
  const isUsed = used >= 64 * 2 ** 20;
  return {
    flag: "DisableExplicitGC",
    severity: isUsed ? "warning" : "info",
    title: isUsed
      ? `System.gc() is disabled while direct buffers hold ${formatBytes(used)}: nothing frees them when they run short`
      : "System.gc() is disabled: when direct buffers run short, nothing frees those that are garbage",
    advice: "Use -XX:+ExplicitGCInvokesConcurrent in place of -XX:+DisableExplicitGC.",
  };
};

/** Flags that one sets to look for a bug, by what they cost. */
const debugging: Readonly<Record<string, string>> = {
  VerifyBeforeGC: "the whole heap is verified before each collection",
  VerifyAfterGC: "the whole heap is verified after each collection",
  CheckJNICalls: "each call into native code is checked",
  TraceClassLoading: "each class that is loaded is printed",
  PrintCompilation: "each compilation is printed",
  PrintAssembly: "compiled code is printed",
  ZVerifyViews: "the collector's views are verified",
};

const debugFlag: FlagRule = (flags) => {
  const found = Object.entries(debugging).find(([name]) => flags.get(name)?.value === 1);
  if (found === undefined) return undefined;
  return {
    flag: found[0],
    severity: "warning",
    title: `-XX:+${found[0]} is set: ${found[1]}`,
    advice: "Remove it: it is for finding bugs, and slows everything down.",
  };
};

const interpreted: FlagRule = (flags) => {
  const level = flags.get("TieredStopAtLevel");
  const isInterpreted = flags.get("UseCompiler")?.value === 0 || flags.get("UseInterpreterOnly")?.value === 1;
  if (isInterpreted) {
    return {
      flag: "UseCompiler",
      severity: "warning",
      title: "Nothing is compiled: the whole program is interpreted",
      advice: "Remove -Xint; if it is not there, the code cache was full: see jvm/code-cache.",
    };
  }
  if (!(isExplicit(level) && Number(level?.value) < 4)) return undefined;
  return {
    flag: "TieredStopAtLevel",
    severity: "info",
    title: `-XX:TieredStopAtLevel=${level?.value} keeps the optimizing compiler off`,
    advice: "Remove it for services: it is for short programs, and long ones run several times slower.",
  };
};

/** Flags that went, with the version that ignores or refuses them first. */
const gone: readonly (readonly [RegExp, number, string])[] = [
  [/^Use(ConcMarkSweep|ParNew)GC$|^CMS/, 14, "the collector is gone: use -XX:+UseG1GC"],
  [/^UseParallelOldGC$/, 15, "use -XX:+UseParallelGC"],
  [/^UseBiasedLocking$/, 15, "biased locking is gone"],
  [/^ZGenerational$/, 23, "all ZGC is generational"],
  [/^(MaxPermSize|PermSize)$/, 8, "use -XX:MaxMetaspaceSize"],
  [/^AggressiveOpts$/, 11, "it does nothing"],
  [/^UseCGroupMemoryLimitForHeap$/, 10, "use -XX:MaxRAMPercentage"],
  [/^(Min|Max|Initial)RAMFraction$/, 10, "use the flag that ends in Percentage"],
];

const deprecated: FlagRule = (flags, recording) => {
  const major = majorOf(recording) ?? 0;
  const explicit = [...flags.values()].filter(isExplicit).map(({ name }) => name);
  const hit = explicit.flatMap((name) => {
    const rule = gone.find(([pattern, since]) => pattern.test(name) && major >= since);
    return rule === undefined ? [] : [{ name, instead: rule[2] }];
  })[0];
  if (hit === undefined) return undefined;
  return {
    flag: hit.name,
    severity: "info",
    title: `-XX flag ${hit.name} is deprecated or ignored in this JVM`,
    advice: `Remove it: ${hit.instead}.`,
  };
};

const unequalHeap: FlagRule = (flags, recording) => {
  const heap = eventsOf(recording, "jdk.GCHeapConfiguration");
  const [initial, max] = [heap.number("initialSize", 0), heap.number("maxSize", 0)];
  if (!(isExplicit(flags.get("AlwaysPreTouch")) && flags.get("AlwaysPreTouch")?.value === 1 && initial < max))
    return undefined;
  return {
    flag: "AlwaysPreTouch",
    severity: "info",
    title: `-XX:+AlwaysPreTouch touches only the first ${formatBytes(initial)} of ${formatBytes(max)} at the start`,
    advice: "Set -Xms to -Xmx as well: else the heap grows while the program runs, and touches its pages in pauses.",
  };
};

const pinnedNewSize: FlagRule = (flags) => {
  const size = flags.get("NewSize");
  const max = flags.get("MaxNewSize");
  if (flags.get("UseG1GC")?.value !== 1 || !(isExplicit(size) || isExplicit(max) || isExplicit(flags.get("NewRatio"))))
    return undefined;
  return {
    flag: "NewSize",
    severity: "info",
    title: "A young generation of fixed size (-Xmn, NewSize, NewRatio) keeps G1 from holding its pause goal",
    advice: "Remove it and let -XX:MaxGCPauseMillis decide.",
  };
};

const allCores: FlagRule = (flags, recording) => {
  const threads = flagNumber(flags, "ParallelGCThreads");
  const cpus = eventsOf(recording, "jdk.CPUInformation").number("hwThreads", 0);
  if (threads === undefined || !isExplicit(flags.get("ParallelGCThreads")) || !(threads > cpus)) return undefined;
  return {
    flag: "ParallelGCThreads",
    severity: "warning",
    title: `${threads} threads of the collector share ${cpus} CPUs`,
    advice: "Remove -XX:ParallelGCThreads: the JVM takes as many as it has CPUs.",
  };
};

/** Of a flag that is given twice the last one counts; one of both was not meant. */
const givenTwice: FlagRule = (_flags, { jvm }) => {
  const names = argumentsIn(jvm.jvmArguments).flatMap((argument) => nameOfFlag(argument) ?? []);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return undefined;
  return {
    flag: twice,
    severity: "info",
    title: `${twice} is given more than once on the command line: only the last one counts`,
    advice: "Find where the others come from (scripts, JAVA_TOOL_OPTIONS, a file of options) and remove them.",
  };
};

function nameOfFlag(argument: string): string | undefined {
  return (
    /^(-X(?:m[sxn]|ss))\d/.exec(argument)?.[1] ??
    /^-XX:(?:[+-]\w+|\w+(?==))/.exec(argument)?.[0].replace(/[+-](?=\w+$)/, "")
  );
}

const unverified: FlagRule = (flags) => {
  if (flags.get("BytecodeVerificationRemote")?.value !== 0) return undefined;
  return {
    flag: "BytecodeVerificationRemote",
    severity: "info",
    title: "Classes are not verified before they run: a broken one may crash the JVM",
    advice: "Remove -Xverify:none or -XX:-BytecodeVerificationRemote; class data sharing makes starts fast without it.",
  };
};

/** Every rule about flags; each gives one remark at most. */
export const flagRules: readonly FlagRule[] = [
  compressedOopsCliff,
  serialByErgonomics,
  explicitGcDisabled,
  debugFlag,
  interpreted,
  deprecated,
  unequalHeap,
  pinnedNewSize,
  allCores,
  givenTwice,
  unverified,
];
