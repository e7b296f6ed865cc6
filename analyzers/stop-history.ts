import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { stopsOfLog } from "./gclog-stops.ts";
import type { Interval } from "./intervals.ts";
import { stopsOfRecording } from "./recorded-stops.ts";
import type { VmOperation } from "./vm-operations.ts";

/** One way to a standstill. */
export interface Reach {
  readonly start: number;
  readonly seconds: number;
  /** Threads that had to stop; NaN where nothing tells. */
  readonly threads: number;
  /** What all had to stop for. */
  readonly operation: string | undefined;
}

/** All that stopped every thread of a JVM, whether a recording or a log tells it. */
export interface StopHistory {
  readonly sources: {
    readonly reaches: string;
    readonly operations: string;
    readonly both: string;
    readonly collections: string;
  };
  readonly durationSeconds: number;
  readonly reaches: readonly Reach[];
  readonly operations: readonly VmOperation[];
  /** Pauses of the collector. */
  readonly collections: readonly Interval[];
  /** Threads that ended their part of the way last. */
  lateThreads(reach: Reach): readonly FindingEvidence[];
  /** Threads that do not get the CPU cannot stop either. */
  busyFacts(): readonly FindingEvidence[];
}

/** A judgement of stops, wherever they are told. */
export interface StopRule {
  readonly name: string;
  readonly description: string;
  findings(history: StopHistory): Finding[];
}

/** The rule as an analyzer of recordings. */
export function stopsOfRecordings({ name, description, findings }: StopRule): Analyzer<"recording"> {
  return {
    name,
    description,
    needs: ["recording"],
    analyze: ({ recording }: { readonly recording: RecordingEvidence }) => {
      return { findings: findings(stopsOfRecording(recording)), sections: [] };
    },
  };
}

/** The rule as an analyzer of logs. */
export function stopsOfLogs({ name, description, findings }: StopRule): Analyzer<"gcLog"> {
  return {
    name,
    description,
    needs: ["gcLog"],
    analyze: ({ gcLog }: { readonly gcLog: GcLogEvidence }) => {
      return { findings: gcLog.durationSeconds > 0 ? findings(stopsOfLog(gcLog)) : [], sections: [] };
    },
  };
}
