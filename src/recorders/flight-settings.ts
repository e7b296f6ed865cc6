import type { RecordQuestion } from "../model/recorder.ts";

type Settings = Readonly<Record<string, string>>;
/** What is set of each event, by its name. */
export type EventSettings = Readonly<Record<string, Settings>>;

/** What is asked of the JVM's recorder. */
export interface FlightQuestions {
  readonly questions: readonly RecordQuestion[];
  /** Undefined where it is not known: then as for the newest. */
  readonly javaMajor: number | undefined;
  readonly withPrivate: boolean;
}

const on = { enabled: "true" };
const withStack = { enabled: "true", stackTrace: "true" };
const everySecond = { enabled: "true", period: "1 s" };
const everyChunk = { enabled: "true", period: "everyChunk" };

/** Facts of the JVM, its collections and stops: a few events a second, in every recording. */
const always: EventSettings = {
  "jdk.ActiveSetting": on,
  "jdk.ActiveRecording": on,
  "jdk.DataLoss": on,
  "jdk.JVMInformation": { enabled: "true", period: "beginChunk" },
  "jdk.OSInformation": { enabled: "true", period: "beginChunk" },
  "jdk.CPUInformation": { enabled: "true", period: "beginChunk" },
  "jdk.ContainerConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.ContainerCPUUsage": { enabled: "true", period: "5 s" },
  "jdk.ContainerCPUThrottling": { enabled: "true", period: "1 s" },
  "jdk.ContainerMemoryUsage": { enabled: "true", period: "5 s" },
  "jdk.ContainerIOUsage": { enabled: "true", period: "5 s" },
  "jdk.CPULoad": everySecond,
  "jdk.ThreadCPULoad": { enabled: "true", period: "10 s" },
  "jdk.ThreadContextSwitchRate": { enabled: "true", period: "10 s" },
  "jdk.PhysicalMemory": everyChunk,
  "jdk.SwapSpace": everyChunk,
  "jdk.ResidentSetSize": everySecond,
  "jdk.NativeMemoryUsage": everySecond,
  "jdk.NativeMemoryUsageTotal": everySecond,
  "jdk.DirectBufferStatistics": { enabled: "true", period: "5 s" },
  "jdk.JavaThreadStatistics": everySecond,
  "jdk.ThreadStart": on,
  "jdk.ThreadEnd": on,
  "jdk.ThreadAllocationStatistics": everyChunk,
  "jdk.ClassLoadingStatistics": everySecond,
  "jdk.ClassLoaderStatistics": everyChunk,
  "jdk.ExceptionStatistics": everySecond,
  "jdk.JavaErrorThrow": withStack,
  "jdk.FinalizerStatistics": everyChunk,
  "jdk.CodeCacheConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.CodeCacheStatistics": everyChunk,
  "jdk.CodeCacheFull": on,
  "jdk.CompilerConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.CompilerStatistics": everySecond,
  "jdk.Compilation": { enabled: "true", threshold: "100 ms" },
  "jdk.CompilationFailure": on,
  "jdk.Deoptimization": { enabled: "true", stackTrace: "false" },
  "jdk.IntFlag": { enabled: "true", period: "beginChunk" },
  "jdk.UnsignedIntFlag": { enabled: "true", period: "beginChunk" },
  "jdk.LongFlag": { enabled: "true", period: "beginChunk" },
  "jdk.UnsignedLongFlag": { enabled: "true", period: "beginChunk" },
  "jdk.DoubleFlag": { enabled: "true", period: "beginChunk" },
  "jdk.BooleanFlag": { enabled: "true", period: "beginChunk" },
  "jdk.SafepointBegin": { enabled: "true", threshold: "1 ms" },
  "jdk.SafepointStateSynchronization": { enabled: "true", threshold: "1 ms" },
  "jdk.SafepointEnd": { enabled: "true", threshold: "1 ms" },
  "jdk.ExecuteVMOperation": { enabled: "true", threshold: "1 ms" },
  "jdk.GarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.YoungGarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.OldGarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.ParallelOldGarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.G1GarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.ZYoungGarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.ZOldGarbageCollection": { enabled: "true", threshold: "0 ms" },
  "jdk.GCPhasePause": { enabled: "true", threshold: "0 ms" },
  "jdk.GCPhasePauseLevel1": { enabled: "true", threshold: "1 ms" },
  "jdk.GCPhaseConcurrent": { enabled: "true", threshold: "0 ms" },
  "jdk.GCCPUTime": on,
  "jdk.GCHeapSummary": on,
  "jdk.G1HeapSummary": on,
  "jdk.G1MMU": on,
  "jdk.G1EvacuationYoungStatistics": on,
  "jdk.G1EvacuationOldStatistics": on,
  "jdk.G1BasicIHOP": on,
  "jdk.G1AdaptiveIHOP": on,
  "jdk.MetaspaceSummary": on,
  "jdk.MetaspaceOOM": withStack,
  "jdk.MetaspaceAllocationFailure": withStack,
  "jdk.PSHeapSummary": on,
  "jdk.PromotionFailed": on,
  "jdk.EvacuationFailed": on,
  "jdk.EvacuationInformation": on,
  "jdk.ConcurrentModeFailure": on,
  "jdk.TenuringDistribution": on,
  "jdk.GCReferenceStatistics": on,
  "jdk.SystemGC": { ...withStack, threshold: "0 ms" },
  "jdk.ZAllocationStall": { ...withStack, threshold: "0 ms" },
  "jdk.GCConfiguration": everyChunk,
  "jdk.GCHeapConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.GCSurvivorConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.GCTLABConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.YoungGenerationConfiguration": { enabled: "true", period: "beginChunk" },
  "jdk.VirtualThreadPinned": { ...withStack, threshold: "1 ms" },
  "jdk.VirtualThreadSubmitFailed": withStack,
  "jdk.Shutdown": withStack,
};

/** What events hold that is not for everybody; off unless asked for. */
const privateEvents: EventSettings = {
  "jdk.InitialEnvironmentVariable": { enabled: "true", period: "beginChunk" },
  "jdk.InitialSystemProperty": { enabled: "true", period: "beginChunk" },
  "jdk.SystemProcess": { enabled: "true", period: "endChunk" },
};

const everyLock = { ...withStack, threshold: "1 ms" };

function cpuEvents(javaMajor: number): EventSettings {
  const sampled = {
    "jdk.ExecutionSample": { enabled: "true", period: "10 ms" },
    "jdk.NativeMethodSample": { enabled: "true", period: "20 ms" },
  };
  if (javaMajor < 25) return sampled;
  return {
    ...sampled,
    "jdk.CPUTimeSample": { enabled: "true", stackTrace: "true", throttle: "10 ms" },
    "jdk.CPUTimeSamplesLost": on,
    "jdk.SafepointLatency": { ...withStack, threshold: "1 ms" },
  };
}

/** Samples where the JVM has them; before, each new buffer of a thread is an event. */
function allocationEvents(javaMajor: number): EventSettings {
  if (javaMajor >= 16) return { "jdk.ObjectAllocationSample": { ...withStack, throttle: "300/s" } };
  return { "jdk.ObjectAllocationInNewTLAB": withStack, "jdk.ObjectAllocationOutsideTLAB": withStack };
}

/** Every operation, however short: for half a minute, a service can afford that. */
function ioEvents(javaMajor: number): EventSettings {
  const every = { ...withStack, threshold: "0 ms", ...(javaMajor >= 25 ? { throttle: "off" } : {}) };
  return {
    "jdk.FileRead": every,
    "jdk.FileWrite": every,
    "jdk.FileForce": { ...withStack, threshold: "0 ms" },
    "jdk.SocketRead": every,
    "jdk.SocketWrite": every,
    "jdk.SocketConnect": { ...withStack, threshold: "0 ms" },
  };
}

const newestMajor = 25;

/** What each question switches on beside what is always on. */
function eventsOf(question: RecordQuestion, javaMajor: number): EventSettings {
  switch (question) {
    case "cpu":
    case "wall":
      return cpuEvents(javaMajor);
    case "alloc":
      return allocationEvents(javaMajor);
    case "lock":
      return {
        "jdk.JavaMonitorEnter": everyLock,
        "jdk.JavaMonitorWait": { ...withStack, threshold: "10 ms" },
        "jdk.ThreadPark": everyLock,
        "jdk.ThreadSleep": { ...withStack, threshold: "10 ms" },
        "jdk.JavaMonitorStatistics": everyChunk,
      };
    case "io":
      return ioEvents(javaMajor);
    case "exceptions":
      return { "jdk.JavaExceptionThrow": withStack };
    case "gc":
    case "native":
    case "heap":
      return {};
    default:
      return question satisfies never;
  }
}

/** The recorder's settings as a `.jfc` file, for exactly what was asked; events that a JVM does not know are ignored by it. */
export function flightSettings({ questions, javaMajor = newestMajor, withPrivate }: FlightQuestions): string {
  const events = Object.assign({}, always, ...questions.map((question) => eventsOf(question, javaMajor)));
  return settingsFile({ ...events, ...(withPrivate ? privateEvents : {}) });
}

/** A `.jfc` file. */
export function settingsFile(events: EventSettings): string {
  const lines = Object.entries<Settings>(events).map(eventElement);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<configuration version="2.0" label="jprof" description="What jprof was asked" provider="jprof">',
    ...lines,
    "</configuration>",
    "",
  ].join("\n");
}

function eventElement([name, settings]: [string, Settings]): string {
  const parts = Object.entries(settings).map(([key, value]) => `<setting name="${key}">${value}</setting>`);
  return `  <event name="${name}">${parts.join("")}</event>`;
}
