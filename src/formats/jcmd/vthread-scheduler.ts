import { countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/** The pool of threads that carry the virtual ones. */
export interface VthreadScheduler {
  /** How many may run at once; undefined where it cannot be read. */
  readonly parallelism: number | undefined;
  /** Carrier threads that there are. */
  readonly carriers: number | undefined;
  /** Carriers that are running or looking for work. */
  readonly active: number | undefined;
  /** Carriers that are neither idle nor blocked: mounted, without a managed block. */
  readonly running: number | undefined;
  /** Virtual threads that wait for a carrier: in the carriers' queues, and submitted from elsewhere. */
  readonly queued: number | undefined;
  readonly submissions: number | undefined;
  readonly steals: number | undefined;
}

/**
 * The reply to `Thread.vthread_scheduler` (JDK 24 and later): a ForkJoinPool as text; undefined when the JVM's scheduler is another one,
 * or the text was cut.
 */
export function parseVthreadScheduler(text: string): VthreadScheduler | undefined {
  const lines = linesOf(text);
  expectReplyOf("Thread.vthread_scheduler", lines);
  const line = lines.find((each) => each.startsWith("java.util.concurrent.ForkJoinPool@") && each.endsWith("]"));
  if (line === undefined) return undefined;
  return {
    parallelism: countAfter(line, ", parallelism = "),
    carriers: countAfter(line, ", size = "),
    active: countAfter(line, ", active = "),
    running: countAfter(line, ", running = "),
    queued: countAfter(line, ", tasks = "),
    submissions: countAfter(line, ", submissions = "),
    steals: countAfter(line, ", steals = "),
  };
}
