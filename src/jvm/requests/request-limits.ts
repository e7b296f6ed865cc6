import type { AttachLimits } from "../attach/attach-target.ts";

/** What requests may take of one JVM, by the names that the configuration gives it. */
export interface RequestLimits extends AttachLimits {
  /** Connections to the JVM; as many as in a quarter of a minute may come at once. */
  readonly requestsPerMinute: number;
  /** Commands that wait for their turn. */
  readonly maxQueuedCommands: number;
  /** From the connection until the whole reply of commands that stop nothing. */
  readonly requestMillis: number;
  /** The same of a command that stops the JVM's threads. */
  readonly stoppingRequestMillis: number;
  /** A JVM that takes longer for what should take it a millisecond is left alone for a while. */
  readonly slowMillis: number;
  /** How long a JVM is left alone after a request that failed; twice as long after each more. */
  readonly suspendMillis: number;
  readonly maxSuspendMillis: number;
  /** A command of `diagnose` that is expected to stop the threads for longer is not sent. */
  readonly maxStopMillis: number;
  /** What all commands together may stop them for; used-up time comes back evenly over the hour. */
  readonly stopMillisPerHour: number;
}

/** Limits that a service does not notice. */
export const defaultLimits: RequestLimits = {
  requestsPerMinute: 60,
  maxQueuedCommands: 100,
  requestMillis: 5_000,
  stoppingRequestMillis: 60_000,
  handshakeMillis: 10_000,
  minProcessAgeMillis: 3_000,
  maxFruitlessSignals: 2,
  maxReplyBytes: 64 * 1024 * 1024,
  slowMillis: 2_000,
  suspendMillis: 5_000,
  maxSuspendMillis: 300_000,
  maxStopMillis: 500,
  stopMillisPerHour: 10_000,
};
