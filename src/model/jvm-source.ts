import type { Source } from "./metric.ts";
import type { Policy } from "./policy.ts";
import type { Target, TargetIdentity } from "./target.ts";

/** One thing that keeps jprof from seeing a JVM, or a part of it, and how to change that. */
export interface Obstacle {
  /** Stable, for scripts and tests: `perf-counters-disabled`, `attach-disabled`, `other-user`. */
  readonly code: string;
  readonly tier: Source | "process";
  /** What is so, with the path, user or flag that it is about. */
  readonly detail: string;
  /** One thing to change. */
  readonly fix: string;
}

/** What runs in a process that looks like Java. Only HotSpot is ever asked anything. */
export const vmKinds = ["hotspot", "openj9", "native-image", "unknown"] as const;
export type VmKind = (typeof vmKinds)[number];

export interface DiscoveredJvm {
  readonly kind: VmKind;
  readonly identity: TargetIdentity;
  readonly obstacles: readonly Obstacle[];
  /** Where its files are (what the JVM calls `/tmp`), if they alone are known of it, and no process. Its `pid` is then the one that it has itself. */
  readonly tmpFolder?: string | undefined;
}

/** How one tier of a target is doing. */
export interface TierStatus {
  readonly tier: Source;
  readonly state: "ok" | "unknown" | "absent" | "denied" | "failing" | "suspended";
  /** Why it is not ok; empty otherwise. */
  readonly detail: string;
  /** Of the last answer. */
  readonly lastOkMillis: number | undefined;
}

/** Whether a JVM itself answers, as far as that can be seen. */
export interface Liveness {
  readonly isUp: boolean;
  /** What shows it. */
  readonly reason: string;
}

/** A target that is being watched: it looks at the counters between two polls, and lets go in the end. */
export interface LiveTarget extends Target {
  /** What jprof may do to this JVM. */
  readonly policy: Policy;
  /** Called about every 50 ms: notes the collections that ended since. Cheap, and never waits for the JVM. */
  tick(): void;
  tiers(): readonly TierStatus[];
  /** By what it did itself since then: requests that it answered, counters that it changed. */
  liveness(sinceMillis: number): Liveness;
  /** Closes descriptors; requests under way are given up. */
  close(): void;
}

/** The JVMs of this machine or container. */
export interface JvmSource {
  list(signal: AbortSignal): Promise<readonly DiscoveredJvm[]>;
  open(jvm: DiscoveredJvm): LiveTarget;
}
