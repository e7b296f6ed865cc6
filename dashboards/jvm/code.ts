import {
  classCount,
  classLoaded,
  classLoadTime,
  classUnloaded,
  codeCacheBlobs,
  codeCacheCompilationEnabled,
  codeCacheFullCount,
  codeCacheNmethods,
  jitBailouts,
  jitCompilations,
  jitInvalidations,
  jitTime,
  metaspaceCommitted,
  metaspaceReserved,
  metaspaceUsed,
  metaspaceWaste,
  processThreadCount,
  threadCount,
  threadDeadlocked,
  threadPeak,
  threadStarted,
  threadStates,
  virtualCarriers,
  virtualMounted,
  virtualParallelism,
  virtualQueued,
} from "../metrics.ts";
import type { TimeseriesSpec } from "../panels.ts";
import { sum } from "../promql.ts";
import { interval, jvm } from "../scope.ts";

const rate = (selector: string) => `rate(${selector}[${interval}])`;
const space = "{{jprof_metaspace_space}}";

export const threadPanels: readonly TimeseriesSpec[] = [
  {
    title: "Threads",
    about: "Platform threads; the process has more, of the JVM itself.",
    unit: "short",
    queries: {
      live: sum(threadCount, jvm(threadCount)),
      peak: jvm(threadPeak),
      "of the process": jvm(processThreadCount),
    },
    runbooks: ["ThreadsGrowing"],
  },
  {
    title: "Threads, by kind",
    about: "Daemons do not keep the JVM alive.",
    unit: "short",
    queries: { "daemon={{jvm_thread_daemon}}": jvm(threadCount) },
    stacked: true,
  },
  {
    title: "Threads, by state",
    about: "Only where the policy allows a thread dump (`diagnose`).",
    unit: "short",
    queries: { "{{jvm_thread_state}}": sum(threadStates, jvm(threadStates), ["jvm.thread.state"]) },
    stacked: true,
  },
  {
    title: "Virtual threads",
    about:
      "Queued ones wait for a carrier: with many of them, something pins carriers. JDK 24 and newer, policy `diagnose`.",
    unit: "short",
    queries: {
      mounted: jvm(virtualMounted),
      queued: jvm(virtualQueued),
      carriers: jvm(virtualCarriers),
      parallelism: jvm(virtualParallelism),
    },
  },
  {
    title: "Threads started, deadlocked",
    about: "Many short-lived threads are dear. A deadlock ends with a restart only.",
    unit: "short",
    queries: { "started per second": rate(jvm(threadStarted)), deadlocked: jvm(threadDeadlocked) },
    runbooks: ["Deadlock"],
  },
];

export const classPanels: readonly TimeseriesSpec[] = [
  {
    title: "Classes",
    about: "A number that only rises after the first hour is a leak of class loaders.",
    unit: "short",
    queries: { loaded: jvm(classCount) },
    runbooks: ["MetaspaceGrowing"],
  },
  {
    title: "Classes loaded and unloaded",
    about: "Per second.",
    unit: "cps",
    queries: {
      loaded: rate(jvm(classLoaded)),
      unloaded: rate(jvm(classUnloaded)),
    },
  },
  {
    title: "Metaspace",
    about: "Used and committed, by space. Waste: committed and not used.",
    unit: "bytes",
    queries: {
      [`${space}, used`]: jvm(metaspaceUsed),
      [`${space}, committed`]: jvm(metaspaceCommitted),
      waste: sum(metaspaceWaste, jvm(metaspaceWaste)),
    },
    runbooks: ["MetaspaceGrowing", "MetaspaceNearlyFull"],
  },
  {
    title: "Metaspace, reserved",
    about: "Address space only.",
    unit: "bytes",
    queries: { [space]: jvm(metaspaceReserved) },
  },
];

export const jitPanels: readonly TimeseriesSpec[] = [
  {
    title: "Compilations",
    about: "Per second. They should come to rest after the warm-up.",
    unit: "cps",
    queries: {
      "{{jprof_jit_kind}}": rate(jvm(jitCompilations)),
      invalidated: rate(jvm(jitInvalidations)),
      "given up": rate(jvm(jitBailouts)),
    },
  },
  {
    title: "Time spent on code",
    about: "CPUs that the compilers and the loading of classes take.",
    unit: "short",
    queries: { compiling: rate(jvm(jitTime)), "loading classes": rate(jvm(classLoadTime)) },
  },
  {
    title: "Code cache, contents",
    about: "Compiled methods and other pieces of code.",
    unit: "short",
    queries: { blobs: jvm(codeCacheBlobs), nmethods: jvm(codeCacheNmethods) },
    runbooks: ["CodeCacheNearlyFull"],
  },
  {
    title: "Compiler at work",
    about: "1 while the JVM compiles; and how often the code cache was full.",
    unit: "short",
    queries: {
      enabled: jvm(codeCacheCompilationEnabled),
      "times full": `increase(${jvm(codeCacheFullCount)}[$__range])`,
    },
    runbooks: ["CompilationDisabled", "CodeCacheNearlyFull"],
  },
];
