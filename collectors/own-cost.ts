import type { Collector } from "../src/model/collector.ts";
import type { Metric, Sample } from "../src/model/metric.ts";
import type { RequestUsage } from "../src/model/target.ts";

const common = { kind: "counter", stability: "development" } as const;

/** Requests that jprof sent to the JVM. */
export const targetRequests: Metric = {
  ...common,
  name: "jprof.target.requests",
  unit: "{request}",
  help: "Requests that jprof sent to the JVM, or did not send because of its policy or budget.",
  labels: ["jprof.command", "jprof.outcome"],
};

/** How long the JVM was busy with them. */
export const targetRequestTime: Metric = {
  ...common,
  name: "jprof.target.request.time",
  unit: "s",
  help: "Time from a request's first byte to its reply's last.",
  labels: ["jprof.command"],
};

/** The harm that jprof did. */
export const targetStoppedTime: Metric = {
  ...common,
  name: "jprof.target.stopped.time",
  unit: "s",
  help: "Time for which the JVM's threads were stopped while it worked on requests of jprof; at most this was jprof's doing.",
  labels: ["jprof.command"],
};

/** Tells what jprof itself asked of the JVM, and what that cost it. */
export const ownCostCollector: Collector = {
  name: "own-cost",
  description: "what jprof asked of the JVM, and how long it stopped it",
  enabledByDefault: true,
  policy: "observe",
  metrics: [targetRequests, targetRequestTime, targetStoppedTime],
  async collect(target, signal) {
    const counters = await target.perfCounters(signal);
    const usage = target.usage();
    const takenAtMillis = Date.now();
    const sample = (metric: Metric, value: number, labels: Sample["labels"]): Sample => {
      return { metric, value, labels, source: "jprof", takenAtMillis };
    };
    const requests = usage.map(({ command, outcome, requests: count }) =>
      sample(targetRequests, count, { "jprof.command": command, "jprof.outcome": outcome }),
    );
    const times = [...sumBy(usage)].flatMap(([command, { seconds, stoppedSeconds }]) => [
      sample(targetRequestTime, seconds, { "jprof.command": command }),
      ...(counters.ok ? [sample(targetStoppedTime, stoppedSeconds, { "jprof.command": command })] : []),
    ]);
    // Only its own counter tells how long a JVM stood still: without it, nothing is known, which is not 0.
    const missing = counters.ok ? [] : [{ metrics: [targetStoppedTime.name], reason: counters.reason }];
    return { samples: [...requests, ...times], missing };
  },
};

function sumBy(usage: readonly RequestUsage[]): ReadonlyMap<string, { seconds: number; stoppedSeconds: number }> {
  const sums = new Map<string, { seconds: number; stoppedSeconds: number }>();
  for (const { command, seconds, stoppedSeconds } of usage) {
    const sum = sums.get(command) ?? { seconds: 0, stoppedSeconds: 0 };
    sum.seconds += seconds;
    sum.stoppedSeconds += stoppedSeconds;
    sums.set(command, sum);
  }
  return sums;
}
