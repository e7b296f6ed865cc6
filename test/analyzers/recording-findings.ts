import { gcAllocationStall } from "../../analyzers/gc-allocation-stall.ts";
import { gcFull } from "../../analyzers/gc-full.ts";
import { gcHumongous } from "../../analyzers/gc-humongous.ts";
import { gcLiveSet } from "../../analyzers/gc-live-set.ts";
import { gcLongPause } from "../../analyzers/gc-long-pause.ts";
import { gcPauseRatio } from "../../analyzers/gc-pause-ratio.ts";
import { gcPromotion } from "../../analyzers/gc-promotion.ts";
import { gcSection } from "../../analyzers/gc-section.ts";
import { gcStarvedThreads } from "../../analyzers/gc-starved-threads.ts";
import { jvmClassLoading } from "../../analyzers/jvm-class-loading.ts";
import { jvmCodeCache } from "../../analyzers/jvm-code-cache.ts";
import { jvmCompiler } from "../../analyzers/jvm-compiler.ts";
import { jvmCpu } from "../../analyzers/jvm-cpu.ts";
import { jvmCpuThrottled } from "../../analyzers/jvm-cpu-throttled.ts";
import { jvmDeoptimizations } from "../../analyzers/jvm-deoptimizations.ts";
import { jvmDirectBuffers } from "../../analyzers/jvm-direct-buffers.ts";
import { jvmFinalizers } from "../../analyzers/jvm-finalizers.ts";
import { jvmFlags } from "../../analyzers/jvm-flags.ts";
import { jvmHalted } from "../../analyzers/jvm-halted.ts";
import { jvmLeakCandidates } from "../../analyzers/jvm-leak-candidates.ts";
import { jvmMetaspace } from "../../analyzers/jvm-metaspace.ts";
import { jvmNativeMemory } from "../../analyzers/jvm-native-memory.ts";
import { jvmPhysicalMemory } from "../../analyzers/jvm-physical-memory.ts";
import { jvmThreads } from "../../analyzers/jvm-threads.ts";
import { recordingBlindSpots } from "../../analyzers/recording-blind-spots.ts";
import { recordingFacts } from "../../analyzers/recording-facts.ts";
import { recordingLoss } from "../../analyzers/recording-loss.ts";
import { recordingSecrets } from "../../analyzers/recording-secrets.ts";
import { safepointOperations } from "../../analyzers/safepoint-operations.ts";
import { safepointReach } from "../../analyzers/safepoint-reach.ts";
import type { Analyzer } from "../../src/model/analyzer.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { ProfileSet } from "../../src/model/profile.ts";
import type { RecordingEvidence } from "../../src/model/recording.ts";
import type { Section } from "../../src/model/section.ts";
import { type Drawing, type DrawnEvent, drawnRecording } from "../drawn-recording.ts";

/** Analyzers over the JVM's own events, in the order of their sections. */
const recordingAnalyzers: readonly Analyzer<"recording" | "profiles">[] = [
  recordingLoss,
  recordingBlindSpots,
  recordingSecrets,
  gcSection,
  gcPauseRatio,
  gcLongPause,
  gcFull,
  gcAllocationStall,
  gcLiveSet,
  gcStarvedThreads,
  gcHumongous,
  gcPromotion,
  safepointReach,
  safepointOperations,
  jvmHalted,
  jvmCodeCache,
  jvmDeoptimizations,
  jvmCompiler,
  jvmClassLoading,
  jvmMetaspace,
  jvmCpu,
  jvmCpuThrottled,
  jvmNativeMemory,
  jvmDirectBuffers,
  jvmPhysicalMemory,
  jvmThreads,
  jvmLeakCandidates,
  jvmFlags,
  jvmFinalizers,
  recordingFacts,
];

export interface Result {
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
  /** The finding of a key; undefined when there is none. */
  finding(key: string): Finding | undefined;
  keys(): string[];
}

/** What all these analyzers say. */
export function resultOf(evidence: { readonly recording: RecordingEvidence; readonly profiles: ProfileSet }): Result {
  const analyses = recordingAnalyzers.map((one) => one.analyze(evidence, { top: 10, showValues: false }));
  const findings = analyses.flatMap((analysis) => analysis.findings);
  return {
    findings,
    sections: analyses.flatMap(({ sections }) => sections),
    finding: (key) => findings.find((finding) => finding.key === key),
    keys: () => findings.map(({ key }) => key).sort(),
  };
}

/** What they say of a drawn recording. */
export function resultOfDrawing(drawing: Drawing): Result {
  return resultOf(drawnRecording(drawing));
}

/** Events at equal distances over a time. */
export function every(
  seconds: number,
  until: number,
  eventAt: (at: number, index: number) => DrawnEvent,
): DrawnEvent[] {
  return Array.from({ length: Math.floor(until / seconds) }, (_, index) => {
    return { startTime: index * seconds, ...eventAt(index * seconds, index) };
  });
}
