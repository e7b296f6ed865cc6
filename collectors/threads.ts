import type { Answer } from "../src/model/answer.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import type { PerfCounters, Target } from "../src/model/target.ts";
import { nothingOf, samplerOf } from "./command-reply.ts";
import { type ThreadCounts, threadCountsByMBeans } from "./mbean-threads.ts";

/** As the semantic conventions have it, but for the state, which only a dump of all threads tells. */
export const threadCount: Metric = {
  name: "jvm.thread.count",
  unit: "{thread}",
  kind: "updowncounter",
  help: "Platform threads that run or may run Java code.",
  labels: ["jvm.thread.daemon"],
  stability: "stable",
};

/** Threads that come and go show here, not in the count. */
export const threadStarted: Metric = {
  name: "jprof.thread.started",
  unit: "{thread}",
  kind: "counter",
  help: "Platform threads started since the JVM began.",
  labels: [],
  stability: "development",
};

export const threadPeak: Metric = {
  name: "jprof.thread.peak",
  unit: "{thread}",
  kind: "gauge",
  help: "The most platform threads at one time.",
  labels: [],
  stability: "development",
};

const metrics = [threadCount, threadStarted, threadPeak];

/** Tells how many threads there are. */
export const threadsCollector: Collector = {
  name: "threads",
  description: "platform threads: how many there are, were, and were started",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const answer = await threadCountsOf(target, signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    const sample = samplerOf(answer);
    const { live, daemon, started, peak } = answer.value;
    const samples = [
      sample(threadCount, live - daemon, { "jvm.thread.daemon": "false" }),
      sample(threadCount, daemon, { "jvm.thread.daemon": "true" }),
      sample(threadStarted, started),
      sample(threadPeak, peak),
    ];
    return { samples, missing: [] };
  },
};

/** The JVM's own count of the threads that Java code can see: by its counters, or else by its MBean. */
async function threadCountsOf(target: Target, signal: AbortSignal): Promise<Answer<ThreadCounts>> {
  const answer = await target.perfCounters(signal);
  const value = answer.ok ? byPerfCounters(answer.value) : undefined;
  if (answer.ok && value) return { ...answer, value };
  const byMBean = await threadCountsByMBeans(target, signal);
  if (byMBean.ok) return byMBean;
  const reason = answer.ok ? "no perf counters of threads" : answer.reason;
  return { ...byMBean, reason: `${reason}; ${byMBean.reason}` };
}

function byPerfCounters(counters: PerfCounters): ThreadCounts | undefined {
  const [live, daemon, started, peak] = ["live", "daemon", "started", "livePeak"].map((name) =>
    counters.number(`java.threads.${name}`),
  );
  if (live === undefined || daemon === undefined || started === undefined || peak === undefined) return undefined;
  return { live, daemon, started, peak };
}
