import type { Analyzer } from "../src/model/analyzer.ts";
import { allocation } from "./allocation.ts";
import { bigAllocations } from "./big-allocations.ts";
import { eventLoops } from "./event-loops.ts";
import { exceptions } from "./exceptions.ts";
import { gcAllocationStall } from "./gc-allocation-stall.ts";
import { gcFull } from "./gc-full.ts";
import { gcHumongous } from "./gc-humongous.ts";
import { gcLiveSet } from "./gc-live-set.ts";
import { gcLongPause } from "./gc-long-pause.ts";
import { gcPauseRatio } from "./gc-pause-ratio.ts";
import { gcPromotion } from "./gc-promotion.ts";
import { gcSection } from "./gc-section.ts";
import { gcStarvedThreads } from "./gc-starved-threads.ts";
import { hotMethods } from "./hot-methods.ts";
import { io } from "./io.ts";
import { jvmClassLoading } from "./jvm-class-loading.ts";
import { jvmCodeCache } from "./jvm-code-cache.ts";
import { jvmCompiler } from "./jvm-compiler.ts";
import { jvmCpu } from "./jvm-cpu.ts";
import { jvmCpuThrottled } from "./jvm-cpu-throttled.ts";
import { jvmDeoptimizations } from "./jvm-deoptimizations.ts";
import { jvmDirectBuffers } from "./jvm-direct-buffers.ts";
import { jvmFinalizers } from "./jvm-finalizers.ts";
import { jvmFlags } from "./jvm-flags.ts";
import { jvmHalted } from "./jvm-halted.ts";
import { jvmLeakCandidates } from "./jvm-leak-candidates.ts";
import { jvmMetaspace } from "./jvm-metaspace.ts";
import { jvmNativeMemory } from "./jvm-native-memory.ts";
import { jvmPhysicalMemory } from "./jvm-physical-memory.ts";
import { jvmThreads } from "./jvm-threads.ts";
import { locks } from "./locks.ts";
import { pinnedThreads } from "./pinned-threads.ts";
import { poolSaturation } from "./pool-saturation.ts";
import { profileOverview } from "./profile-overview.ts";
import { recordingBlindSpots } from "./recording-blind-spots.ts";
import { recordingFacts } from "./recording-facts.ts";
import { recordingLoss } from "./recording-loss.ts";
import { recordingSecrets } from "./recording-secrets.ts";
import { safepointOperations } from "./safepoint-operations.ts";
import { safepointReach } from "./safepoint-reach.ts";
import { timeline } from "./timeline.ts";

/** Analyzers of flight recordings and profiles, in the order of their sections. */
export const recordingAnalyzers: readonly Analyzer[] = [
  recordingLoss,
  timeline,
  hotMethods,
  io,
  locks,
  allocation,
  bigAllocations,
  exceptions,
  eventLoops,
  pinnedThreads,
  poolSaturation,
  gcPauseRatio,
  gcLongPause,
  gcFull,
  gcAllocationStall,
  gcLiveSet,
  gcHumongous,
  gcPromotion,
  gcStarvedThreads,
  safepointReach,
  safepointOperations,
  jvmHalted,
  jvmCpu,
  jvmCpuThrottled,
  jvmPhysicalMemory,
  jvmNativeMemory,
  jvmDirectBuffers,
  jvmMetaspace,
  jvmClassLoading,
  jvmCodeCache,
  jvmCompiler,
  jvmDeoptimizations,
  jvmThreads,
  jvmFinalizers,
  jvmLeakCandidates,
  jvmFlags,
  recordingBlindSpots,
  recordingSecrets,
  profileOverview,
  gcSection,
  recordingFacts,
];
