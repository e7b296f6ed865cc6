import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import type { Collection, CollectorStyle, Pause, pauseFigures } from "./gc-collections.ts";
import { historyOfRecording } from "./gc-recorded-history.ts";
import { historyOfLog } from "./gclog-history.ts";
import type { Interval } from "./intervals.ts";

/** How findings call the places that numbers come from. */
export interface GcSources {
  readonly pauses: string;
  readonly collections: string;
  readonly heap: string;
  readonly maxHeap: string;
  readonly configuration: string;
  readonly region: string;
  readonly stalls: string;
  readonly promoted: string;
  readonly processor: string;
}

/** Keys with how often each was seen and what they weigh together, the heaviest first. */
export interface Weighed {
  readonly key: string;
  readonly count: number;
  readonly weight: number;
}

/** Threads that waited for memory. */
export interface GcStalls {
  readonly count: number;
  readonly totalSeconds: number;
  readonly waits: readonly Interval[];
  readonly byThread: readonly Weighed[];
  readonly bySite: readonly Weighed[];
}

/** Times at which no room was found for survivors. */
export interface GcFailure {
  readonly name: string;
  readonly count: number;
  /** What had to stay where it was; 0 where nothing tells. */
  readonly bytes: number;
  readonly source: string;
}

/** Collections that are long enough for their processor time to be measured, together. */
export interface ProcessorTime {
  readonly collections: number;
  readonly user: number;
  readonly system: number;
  readonly real: number;
}

/** What the collector of a JVM did over some time, whether a recording or a log tells it; NaN and undefined for what it does not. */
export interface GcHistory {
  readonly sources: GcSources;
  /** `recording`, `log` */
  readonly what: string;
  readonly durationSeconds: number;
  /** When the JVM began, before the history's start when negative. */
  readonly bornSeconds: number;
  readonly collector: string | undefined;
  readonly style: CollectorStyle;
  readonly maxHeapBytes: number | undefined;
  readonly pauseTargetSeconds: number | undefined;
  readonly regionBytes: number | undefined;
  readonly gcThreads: number | undefined;
  readonly pauses: readonly Pause[];
  readonly figures: ReturnType<typeof pauseFigures>;
  /** In the order of time. */
  readonly collections: readonly Collection[];
  /** `G1New, G1 Evacuation Pause`, weighed by pause. */
  readonly causes: readonly Weighed[];
  readonly systemGcCallers: readonly FindingEvidence[];
  readonly failures: readonly GcFailure[];
  readonly stalls: GcStalls | undefined;
  /** Of big objects: 0 where none was seen. */
  readonly largestBytes: number;
  readonly bigObjectFacts: readonly FindingEvidence[];
  readonly promotedBytes: number;
  readonly allocatedBytes: number;
  readonly processor: ProcessorTime;
  /** What a pause was spent on, and how much of the processor it had. */
  pauseFacts(pause: Pause): readonly FindingEvidence[];
}

/** A judgement of a collector's history, wherever the history comes from. */
export interface GcRule {
  readonly name: string;
  readonly description: string;
  findings(history: GcHistory): Finding[];
}

/** The rule as an analyzer of recordings. */
export function ofRecordings({ name, description, findings }: GcRule): Analyzer<"recording"> {
  return {
    name,
    description,
    needs: ["recording"],
    analyze: ({ recording }: { readonly recording: RecordingEvidence }) => {
      return { findings: findings(historyOfRecording(recording)), sections: [] };
    },
  };
}

/** The rule as an analyzer of logs. */
export function ofLogs({ name, description, findings }: GcRule): Analyzer<"gcLog"> {
  return {
    name,
    description,
    needs: ["gcLog"],
    analyze: ({ gcLog }: { readonly gcLog: GcLogEvidence }) => {
      return { findings: gcLog.durationSeconds > 0 ? findings(historyOfLog(gcLog)) : [], sections: [] };
    },
  };
}
