import type { Collector } from "../src/model/collector.ts";
import { allocationCollector } from "./allocation.ts";
import { buffersCollector } from "./buffers.ts";
import { classHistogramCollector } from "./class-histogram.ts";
import { classesCollector } from "./classes.ts";
import { codeCacheCollector } from "./code-cache.ts";
import { containerCollector } from "./container.ts";
import { gcCollector } from "./gc.ts";
import { gcCpuCollector } from "./gc-cpu.ts";
import { hugePagesCollector } from "./huge-pages.ts";
import { jitCollector } from "./jit.ts";
import { jvmInfoCollector } from "./jvm-info.ts";
import { mbeanRuntimeCollector } from "./mbean-runtime.ts";
import { memoryCollector } from "./memory.ts";
import { metaspaceCollector } from "./metaspace.ts";
import { nativeMemoryCollector } from "./native-memory.ts";
import { ownCostCollector } from "./own-cost.ts";
import { pressureCollector } from "./pressure.ts";
import { processCollector } from "./process.ts";
import { residentMemoryCollector } from "./resident-memory.ts";
import { safepointsCollector } from "./safepoints.ts";
import { schedulingCollector } from "./scheduling.ts";
import { threadStatesCollector } from "./thread-states.ts";
import { threadsCollector } from "./threads.ts";
import { untrackedMemoryCollector } from "./untracked-memory.ts";

/** Every collector, in the order in which they are documented. */
export const collectors: readonly Collector[] = [
  jvmInfoCollector,
  gcCollector,
  allocationCollector,
  memoryCollector,
  safepointsCollector,
  gcCpuCollector,
  classesCollector,
  jitCollector,
  codeCacheCollector,
  metaspaceCollector,
  nativeMemoryCollector,
  buffersCollector,
  threadsCollector,
  threadStatesCollector,
  classHistogramCollector,
  mbeanRuntimeCollector,
  processCollector,
  residentMemoryCollector,
  untrackedMemoryCollector,
  hugePagesCollector,
  schedulingCollector,
  containerCollector,
  pressureCollector,
  ownCostCollector,
];
