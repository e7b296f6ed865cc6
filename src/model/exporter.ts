import type { Sample } from "./metric.ts";
import type { TargetIdentity } from "./target.ts";

/** A JVM, or jprof itself, as a consumer of metrics names it. */
export interface ExportedTarget {
  /** Unique among those exported at one time. */
  readonly key: string;
  /** OpenTelemetry resource attributes: `service.name`, `process.pid`, `process.creation.time`, `k8s.pod.name` … */
  readonly resource: Readonly<Record<string, string | number>>;
  /** Milliseconds since the epoch from which its counters count. */
  readonly startedAtMillis: number;
  /** Undefined for jprof itself. */
  readonly identity: TargetIdentity | undefined;
}

/** Gives samples to the world. It is told after each poll, and never asks a JVM anything. */
export interface Exporter {
  readonly name: string;
  /**
   * `current` is every value of the target that is still fresh, and replaces what was given before; `observations` are new ones of
   * histograms, each given once.
   */
  accept(target: ExportedTarget, current: readonly Sample[], observations: readonly Sample[]): void;
  /** The target is gone: its series end. */
  forget(targetKey: string): void;
  /** Series that did not fit its limits and were summed up or dropped, so far. */
  droppedSeries(): number;
  /** Sends what is waiting, within the signal's time. */
  close(signal: AbortSignal): Promise<void>;
}
