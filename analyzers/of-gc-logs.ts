import type { Analyzer } from "../src/model/analyzer.ts";
import { gcAllocationStallRule } from "./gc-allocation-stall.ts";
import { gcFullRule } from "./gc-full.ts";
import { ofLogs } from "./gc-history.ts";
import { gcHumongousRule } from "./gc-humongous.ts";
import { gcLiveSetRule } from "./gc-live-set.ts";
import { gcLongPauseRule } from "./gc-long-pause.ts";
import { gcPauseRatioRule } from "./gc-pause-ratio.ts";
import { gcPromotionRule } from "./gc-promotion.ts";
import { gcStarvedThreadsRule } from "./gc-starved-threads.ts";
import { gcCyclesRule } from "./gclog-cycles.ts";
import { gclogGoal } from "./gclog-goal.ts";
import { gclogJvm } from "./gclog-jvm.ts";
import { gclogPacing } from "./gclog-pacing.ts";
import { gclogQuality } from "./gclog-quality.ts";
import { gclogReferences } from "./gclog-references.ts";
import { gclogSection } from "./gclog-section.ts";
import { gclogSizing } from "./gclog-sizing.ts";
import { gclogStopExcess } from "./gclog-stop-excess.ts";
import { gclogSurvivors } from "./gclog-survivors.ts";
import { jvmHaltedRule } from "./jvm-halted.ts";
import { safepointOperationsRule } from "./safepoint-operations.ts";
import { safepointReachRule } from "./safepoint-reach.ts";
import { stopsOfLogs } from "./stop-history.ts";

/** Analyzers of logs of garbage collections, in the order of their sections. */
export const gcLogAnalyzers: readonly Analyzer[] = [
  ...[
    gcPauseRatioRule,
    gcLongPauseRule,
    gcFullRule,
    gcAllocationStallRule,
    gcLiveSetRule,
    gcHumongousRule,
    gcPromotionRule,
    gcStarvedThreadsRule,
    gcCyclesRule,
  ].map(ofLogs),
  ...[safepointReachRule, safepointOperationsRule, jvmHaltedRule].map(stopsOfLogs),
  gclogGoal,
  gclogSurvivors,
  gclogPacing,
  gclogReferences,
  gclogStopExcess,
  gclogSizing,
  gclogQuality,
  gclogSection,
  gclogJvm,
];
