import { numberIn } from "../src/formats/jolokia/values.ts";
import type { Answer } from "../src/model/answer.ts";
import type { Target } from "../src/model/target.ts";
import { readMBeans } from "./mbean-read.ts";

/** How many platform threads there are, and were. */
export interface ThreadCounts {
  readonly live: number;
  readonly daemon: number;
  readonly peak: number;
  readonly started: number;
}

const threading = "java.lang:type=Threading";
const counts = {
  mbean: threading,
  attributes: ["ThreadCount", "DaemonThreadCount", "PeakThreadCount", "TotalStartedThreadCount"],
};

/** The JVM's own count of its threads. It stops none of them: their states, which only a list of all threads tells, are not asked for. */
export function threadCountsByMBeans(target: Target, signal: AbortSignal): Promise<Answer<ThreadCounts>> {
  return readMBeans(target, [counts], ([value]) => threadCountsOf(value), signal);
}

/** Threads that wait for each other for ever. It stops the JVM while it looks, so it needs the policy `diagnose`. */
export function deadlockedThreadsByMBeans(target: Target, signal: AbortSignal): Promise<Answer<number>> {
  const read = { mbean: threading, attributes: ["findDeadlockedThreads()"] };
  return readMBeans(target, [read], ([ids]) => deadlockedOf(ids), signal);
}

function threadCountsOf(value: unknown): ThreadCounts | undefined {
  const [live, daemon, peak, started] = counts.attributes.map((attribute) => numberIn(value, attribute));
  if (live === undefined || daemon === undefined || peak === undefined || started === undefined) return undefined;
  return { live, daemon, peak, started };
}

/** The JVM says null where there are none. */
function deadlockedOf(ids: unknown): number | undefined {
  if (ids === null) return 0;
  return Array.isArray(ids) ? ids.length : undefined;
}
