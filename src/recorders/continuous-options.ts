import type { LiveMetadata } from "../formats/jfr/live-metadata.ts";
import type { RecordingState } from "../model/hot-paths.ts";
import type { ContinuousQuestion } from "./continuous-settings.ts";
import type { Repository } from "./repository.ts";

/** How a JVM is recorded on and on, and what that may cost. */
export interface ContinuousOptions {
  readonly questions: readonly ContinuousQuestion[];
  readonly maxBytes: number;
  /** How far back its files reach. A recording ends by itself after one and a half times that unless it is renewed. */
  readonly ageSeconds: number;
  /** Most processor time of the JVM's recording threads, as a share of one core. */
  readonly maxCpuShare: number;
  readonly tailMillis: number;
  /** Types that other JVMs of the same build have declared. */
  readonly metadata: LiveMetadata;
  readonly log: RecordingLog;
}

/** Told of what a person wants to find in the log. */
export interface RecordingLog {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** How a recording is doing. */
export interface RecordingStatus {
  readonly state: RecordingState;
  /** Why it is not `recording`; empty otherwise. */
  readonly reason: string;
  readonly questions: readonly ContinuousQuestion[];
  readonly coarseness: number;
  /** Its files; undefined before it was first started. */
  readonly repository: Repository | undefined;
  /** How far back they reach, in seconds. */
  readonly sinceMillis: number | undefined;
}
