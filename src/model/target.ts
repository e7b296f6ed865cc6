import type { Answer } from "./answer.ts";
import type { Cgroup } from "./cgroup.ts";
import type { GcActivity } from "./gc-event.ts";

/** The collectors of HotSpot, by the flag that selects them. */
export const collectorNames = ["Serial", "Parallel", "CMS", "G1", "ZGC", "Shenandoah", "Epsilon"] as const;
export type CollectorName = (typeof collectorNames)[number];

/** Who a JVM is. `pid` and `startTicks` together name one process for ever; what is not known yet is undefined. */
export interface TargetIdentity {
  /** As jprof sees it. */
  readonly pid: number;
  /** As the JVM sees itself, in its own PID namespace. */
  readonly namespacePid: number;
  /** Field 22 of /proc/PID/stat: clock ticks after boot. */
  readonly startTicks: number;
  readonly startedAtMillis: number;
  readonly uid: number;
  readonly gid: number;
  /** Main class or jar, without arguments: `kafka.Kafka`, `service.jar`. */
  readonly name: string;
  /** `25.0.3` */
  readonly javaVersion: string | undefined;
  readonly javaMajor: number | undefined;
  /** `OpenJDK 64-Bit Server VM` */
  readonly vmName: string | undefined;
  readonly vmVendor: string | undefined;
  readonly collector: CollectorName | undefined;
  /** Generational ZGC or Shenandoah. */
  readonly generational: boolean | undefined;
  /** Flags of the JVM as given, with anything that may hold a secret replaced. */
  readonly flags: readonly string[];
  readonly containerId: string | undefined;
}

/** `4711:123456`: the same for one process, another after its pid is used again. */
export function targetKeyOf(identity: Pick<TargetIdentity, "pid" | "startTicks">): string {
  return `${identity.pid}:${identity.startTicks}`;
}

/** One reading of a JVM's perf counters (hsperfdata), by name. */
export interface PerfCounters {
  number(name: string): number | undefined;
  text(name: string): string | undefined;
  /** A counter of ticks, in seconds. */
  seconds(name: string): number | undefined;
  readonly names: readonly string[];
}

/** Attributes to read of one MBean or of a pattern of them; none: all attributes, which may be dear. */
export interface MBeanRead {
  readonly mbean: string;
  readonly attributes: readonly string[];
}

/** Requests of one kind since jprof first saw the JVM: the first words of a diagnostic command, or `mbeans`. */
export interface RequestUsage {
  readonly command: string;
  readonly outcome: "answered" | "refused" | "failed" | "timeout";
  readonly requests: number;
  /** From the request's first byte to the reply's last. */
  readonly seconds: number;
  /** How long the JVM's threads were stopped meanwhile, by its own counter: at most this was jprof's doing. */
  readonly stoppedSeconds: number;
}

/**
 * One JVM, and the only ways to ask it anything. Every question has a deadline and is answered with a value or a reason; one that would
 * go beyond the policy is not asked. Requests over attach go one at a time; those made in the same turn travel together.
 */
export interface Target {
  readonly identity: TargetIdentity;
  perfCounters(signal: AbortSignal): Promise<Answer<PerfCounters>>;
  /** Each event is told once: to all who ask with the same signal, as those of one poll do. */
  gcActivity(signal: AbortSignal): Promise<Answer<GcActivity>>;
  /** The text that a diagnostic command printed. */
  jcmd(command: string, signal: AbortSignal): Promise<Answer<string>>;
  /**
   * A file of /proc/PID, such as `status`; `fd` gives the number of entries as text, `task` what the threads did, summed. A name that begins
   * with a slash is a file of the whole machine: `/pressure/cpu`.
   */
  readProc(file: string, signal: AbortSignal): Promise<Answer<string>>;
  cgroup(signal: AbortSignal): Promise<Answer<Cgroup>>;
  /** What jprof has asked of this JVM so far, and what that cost it. */
  usage(): readonly RequestUsage[];
  /** Parallel to `reads`; a pattern's value is an object keyed by MBean name. */
  mbeans(reads: readonly MBeanRead[], signal: AbortSignal): Promise<Answer<readonly Answer<unknown>[]>>;
}
