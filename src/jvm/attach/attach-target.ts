import type { VmKind } from "../../model/jvm-source.ts";
import type { TargetIdentity } from "../../model/target.ts";

/** What must be known of a process before anything is asked of it. */
export interface AttachTarget {
  /** `/proc`, or where the host's is mounted. */
  readonly procRoot: string;
  readonly identity: TargetIdentity;
  readonly kind: VmKind;
  /** Where its socket is, if no process of it can be seen: then /proc is not asked about it, and it is sent no signal. */
  readonly tmpFolder?: string | undefined;
  /** Whether the JVM itself says that it can be attached to (`sun.rt.jvmCapabilities`); undefined where it does not say. */
  canAttach(): boolean | undefined;
  /** Told when the process was sent SIGQUIT. */
  onSignal(): void;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** How long and how often a JVM may be bothered on the way to its listener. */
export interface AttachLimits {
  /** From the signal until the JVM's socket is there. */
  readonly handshakeMillis: number;
  /** A younger process is never signalled: the JVM may not yet have set its handler, and would end. */
  readonly minProcessAgeMillis: number;
  /** Signals to one JVM that no listener came of; after them it is never signalled again. */
  readonly maxFruitlessSignals: number;
  /** More of a reply is read, counted and dropped. */
  readonly maxReplyBytes: number;
}
