import { ownMetrics } from "../src/agent/own-metrics.ts";

/** What collectors tell of a JVM, its process and its container. */
export { memoryAllocation, memoryPromotion } from "../collectors/allocation.ts";
export { bufferCount, bufferMemoryLimit, bufferMemoryUsed } from "../collectors/buffers.ts";
export { classBytes, classInstances } from "../collectors/class-histogram.ts";
export { classCount, classLoaded, classLoadTime, classUnloaded } from "../collectors/classes.ts";
export {
  codeCacheBlobs,
  codeCacheCompilationEnabled,
  codeCacheFullCount,
  codeCacheNmethods,
} from "../collectors/code-cache.ts";
export {
  containerCpuLimit,
  containerCpuPeriods,
  containerCpuThrottledPeriods,
  containerCpuThrottledTime,
  containerCpuTime,
  containerMemoryAvailable,
  containerMemoryEvents,
  containerMemoryHeadroom,
  containerMemoryLimit,
  containerMemoryRss,
  containerMemoryUnreclaimable,
  containerMemoryUsage,
  containerMemoryWorkingSet,
} from "../collectors/container.ts";
export { containerMemorySlope, containerTimeToLimit } from "../collectors/derived/container-trend.ts";
export { heapLiveSlope, heapTimeToFull } from "../collectors/derived/heap-trend.ts";
export { cpuRecentUtilization, gcOverhead } from "../collectors/derived/rates.ts";
export { gcDuration, gcEventsLost, gcEventsMerged } from "../collectors/gc.ts";
export { gcCpuTime, vmThreadCpuTime } from "../collectors/gc-cpu.ts";
export { hugePages } from "../collectors/huge-pages.ts";
export { jitBailouts, jitCompilations, jitInvalidations, jitTime } from "../collectors/jit.ts";
export { jvmInfo } from "../collectors/jvm-info.ts";
export { pendingFinalization, systemCpuLoad, systemCpuUtilization } from "../collectors/mbean-runtime.ts";
export { heapCommitted, heapLimit, heapLive, heapUsed } from "../collectors/memory.ts";
export {
  memoryCommitted,
  memoryInit,
  memoryLimit,
  memoryUsed,
  memoryUsedAfterLastGc,
} from "../collectors/memory-metrics.ts";
export { metaspaceCommitted, metaspaceReserved, metaspaceUsed, metaspaceWaste } from "../collectors/metaspace.ts";
export { nmtCommitted, nmtMalloc, nmtMmap, nmtReserved } from "../collectors/native-memory.ts";
export { targetRequests, targetRequestTime, targetStoppedTime } from "../collectors/own-cost.ts";
export { pressureStallTime } from "../collectors/pressure.ts";
export {
  jvmCpuCount,
  jvmCpuTime,
  jvmFileDescriptorCount,
  jvmFileDescriptorLimit,
  processDiskIo,
  processFileDescriptorCount,
  processOomScore,
  processPagingFaults,
  processThreadCount,
} from "../collectors/process.ts";
export {
  allocatedBySamples,
  cpuSampleShare,
  cpuSamples,
  exceptionCount,
  fsyncCount,
  fsyncP99,
  fsyncTime,
  lockWaits,
  lockWaitTime,
  pinnedCount,
  pinnedTime,
  recordingCpuTime,
  recordingDiskUsage,
  recordingLost,
  recordingMemoryGrowth,
  recordingReadTime,
  recordingState,
  recordingWritten,
  slowOperations,
  slowOperationTime,
} from "../collectors/recording-metrics.ts";
export {
  processMemoryVirtual,
  residentMemory,
  swappedMemory,
} from "../collectors/resident-memory.ts";
export {
  safepointApplicationTime,
  safepointCount,
  safepointSyncTime,
  safepointTime,
} from "../collectors/safepoints.ts";
export { processContextSwitches, processDelayTime } from "../collectors/scheduling.ts";
export {
  threadDeadlocked,
  threadStates,
  virtualCarriers,
  virtualMounted,
  virtualParallelism,
  virtualQueued,
} from "../collectors/thread-states.ts";
export { threadCount, threadPeak, threadStarted } from "../collectors/threads.ts";
export { untrackedMemory } from "../collectors/untracked-memory.ts";
export { processCpuTime, processMemoryUsage, processUptime } from "../src/model/process-metrics.ts";

/** What the agent says of its own work. */
export const {
  collectorAge,
  collectorDuration,
  collectorUp,
  scrapeDuration,
  seriesDropped,
  sourceInfo,
  targetCount,
  targetUp,
  tickLag,
} = ownMetrics;
