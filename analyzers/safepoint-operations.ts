import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatPoint } from "./spans.ts";
import { type StopHistory, type StopRule, stopsOfRecordings } from "./stop-history.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import type { VmOperation } from "./vm-operations.ts";

const limits = jvmThresholds.safepoint;

/** What the JVM stops all threads for, besides collections. */
export const safepointOperationsRule: StopRule = {
  name: "safepoint-operations",
  description: "operations other than collections for which the JVM stops all threads, and who asked for them",
  findings: (history) => {
    const operations = history.operations.filter(({ isCollection }) => !isCollection);
    const names = [...new Set(operations.map(({ name }) => name))].sort();
    return names.flatMap((name) =>
      findingFor(
        history,
        operations.filter((one) => one.name === name),
      ),
    );
  },
};
export const safepointOperations = stopsOfRecordings(safepointOperationsRule);

function findingFor({ durationSeconds, sources }: StopHistory, operations: readonly VmOperation[]): Finding[] {
  const longest = operations.reduce((most, one) => (one.seconds > most.seconds ? one : most));
  const total = operations.reduce((sum, { seconds }) => sum + seconds, 0);
  const ratio = total / durationSeconds;
  const judgements = [judge(longest.seconds, limits.operation), judge(ratio, limits.operationRatio)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  if (judged === undefined) return [];
  const callers = groupedBy(
    operations,
    ({ caller }) => caller,
    ({ seconds }) => seconds,
  );
  return [
    findingOf({
      rule: "safepoint/long-operation",
      key: `safepoint/long-operation#${longest.name}`,
      ...judged,
      title: `${longest.name} stopped all threads for up to ${formatDuration(longest.seconds)}, ${formatNumberOf(operations.length, "time")}: ${formatPercent(ratio)} of the time`,
      impact: { value: total, unit: "seconds" },
      evidence: [
        fact("altogether", total, "seconds", sources.operations),
        fact("longest at", formatPoint(longest.start), "text", sources.operations),
        ...callers.slice(0, 3).map(({ key, count, weight }) => {
          return fact(`asked by thread ${key}`, `${formatDuration(weight)} in ${count}`, "text", sources.operations);
        }),
      ],
      advice:
        advices.find(([pattern]) => pattern.test(longest.name))?.[1] ??
        "Find what the calling thread does, and let it do so less often.",
    }),
  ];
}

const advices: readonly (readonly [RegExp, string])[] = [
  [
    /ThreadDump|PrintThreads|FindDeadlocks|GetAllStackTraces|GetThreadListStackTraces|GetStackTrace|PrintJNI/,
    "Find what takes thread dumps or stacks of all threads (a monitoring agent, a watchdog, ThreadMXBean.dumpAllThreads) and let it do so rarely, for fewer threads or without locks: the time grows with threads and depth of stacks.",
  ],
  [
    /HeapDump/,
    "Take heap dumps when nobody waits, or from an instance out of rotation: the program stands still while it is written.",
  ],
  [
    /ClassHistogram|GC_HeapInspection|HeapWalk|HeapIterate/,
    "Find what walks the heap (class histograms, an agent that tags objects) and let it not do so in production.",
  ],
  [
    /RedefineClasses|Retransform/,
    "An agent changes classes while the program runs: attach it at the start, or let it change fewer classes.",
  ],
  [/Bias/, "Biased locks are revoked: use -XX:-UseBiasedLocking (gone since JDK 18)."],
  [
    /Deoptimize|ICBuffer|CleanClassLoaderData|Cleanup/,
    "See jvm/deoptimization-storm and jvm/class-loading for what invalidates so much code.",
  ],
  [
    /without a name/,
    "Find out what these stops are for: -XX:+PrintSafepointStatistics on JDK 8, -Xlog:safepoint on JDK 13 and later; taking back biased locks (-XX:-UseBiasedLocking) is the usual one.",
  ],
  [/Exit|Halt/, "The JVM was ending; nothing to do unless it should not have."],
];
