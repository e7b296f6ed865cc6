import type { Finding } from "./finding.ts";
import type { GcLogEvidence } from "./gc-log-evidence.ts";
import type { Goal } from "./goal.ts";
import type { HeapEvidence, HistogramEvidence } from "./heap-evidence.ts";
import type { NativeHeapEvidence } from "./native-evidence.ts";
import type { NativeMemoryEvidence } from "./native-memory.ts";
import type { ProcessMemoryEvidence } from "./process-memory.ts";
import type { ProfileSet } from "./profile.ts";
import type { RecordingEvidence } from "./recording.ts";
import type { Section } from "./section.ts";
import type { ThreadDumpEvidence } from "./thread-dump.ts";

/** Everything that can be looked at, by kind; what was not given is absent. */
export interface Evidence {
  readonly heap: HeapEvidence;
  readonly histogram: HistogramEvidence;
  readonly profiles: ProfileSet;
  readonly recording: RecordingEvidence;
  readonly threadDumps: ThreadDumpEvidence;
  readonly nativeHeap: NativeHeapEvidence;
  readonly nativeMemory: NativeMemoryEvidence;
  readonly processMemory: ProcessMemoryEvidence;
  readonly gcLog: GcLogEvidence;
}
export type EvidenceKind = keyof Evidence;

/** What the user asked of every analyzer. */
export interface AnalysisOptions {
  /** Rows per table. */
  readonly top: number;
  /** Show contents of strings, property values and thread names as they are. */
  readonly showValues: boolean;
  /** What the user wants of the collector. */
  readonly goal?: Goal;
  /** Sections that were asked for by name, which may hold more then. */
  readonly include?: readonly string[];
}

export interface Analysis {
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
}

/** One rule, or a family of one rule: a pure function of the evidence that it needs. */
export interface Analyzer<K extends EvidenceKind = EvidenceKind> {
  readonly name: string;
  readonly description: string;
  readonly needs: readonly K[];
  analyze(evidence: Pick<Evidence, K>, options: AnalysisOptions): Analysis;
}
