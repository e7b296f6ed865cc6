import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatDuration, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import type { Goal } from "../src/model/goal.ts";
import { quantile } from "./intervals.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { formatPoint } from "./spans.ts";
import { gcLogThresholds, knownTimeouts } from "./thresholds-gclog.ts";

const limits = gcLogThresholds.goal;
const source = "pauses of the log";

/** Pauses against what was asked for, and against the times within which others wait. */
export const gclogGoal: Analyzer<"gcLog"> = {
  name: "gclog-goal",
  description: "pauses and throughput against --goal, and against the timeouts of clients, leases and sessions",
  needs: ["gcLog"],
  analyze: ({ gcLog }, { goal }) => ({
    findings: goal === undefined ? usualTimeouts(gcLog) : againstGoal(gcLog, goal),
    sections: [],
  }),
};

function againstGoal(log: GcLogEvidence, goal: Goal): Finding[] {
  return [...pauseGoal(log, goal), ...throughputGoal(log, goal), ...goal.timeouts.flatMap((one) => timeout(log, one))];
}

function pauseGoal({ pauses, pauseFigures }: GcLogEvidence, { pauseSeconds: goal }: Goal): Finding[] {
  if (goal === undefined) return [];
  const missed = pauses.filter(({ seconds }) => seconds > goal);
  if (missed.length === 0) return [];
  const judged = judge(missed.length / pauseFigures.count, limits.missed);
  if (judged === undefined) return [];
  const over = missed.reduce((sum, { seconds }) => sum + seconds - goal, 0);
  return [
    findingOf({
      rule: "gc/goal",
      key: "gc/goal#pause",
      ...judged,
      title: `${missed.length} of ${formatNumberOf(pauseFigures.count, "pause")} are longer than the goal of ${formatDuration(goal)}, up to ${formatDuration(pauseFigures.max)}`,
      impact: { value: over, unit: "seconds" },
      evidence: [
        fact("share of pauses", missed.length / pauseFigures.count, "ratio", source),
        fact("p99, p99.9", `${formatDuration(pauseFigures.p99)}, ${formatDuration(pauseFigures.p999)}`, "text", source),
        fact("beyond the goal altogether", over, "seconds", source),
      ],
      advice: "See gc/long-pause for what the longest ones are spent on, and sections.gc for the causes that miss it.",
    }),
  ];
}

function throughputGoal({ durationSeconds, pauseFigures }: GcLogEvidence, { throughput: goal }: Goal): Finding[] {
  if (goal === undefined || !(durationSeconds > 0)) return [];
  const lost = pauseFigures.total / durationSeconds;
  const judged = lost > 1 - goal ? judge(lost / (1 - goal), limits.lost) : undefined;
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/goal",
      key: "gc/goal#throughput",
      ...judged,
      title: `The program runs for ${formatPercent(1 - lost)} of the time; the goal is ${formatPercent(goal)}`,
      impact: { value: pauseFigures.total, unit: "seconds" },
      evidence: [
        fact("paused altogether", pauseFigures.total, "seconds", source),
        fact("time", durationSeconds, "seconds", "the log"),
      ],
      advice:
        "Give the heap room (-Xmx) so that collections are rarer, or allocate less: sections.gc has the allocation rate and the causes.",
    }),
  ];
}

function timeout(log: GcLogEvidence, { name, seconds: limit }: Goal["timeouts"][number]): Finding[] {
  const { max } = log.pauseFigures;
  const judged = judge(max / limit, limits.timeout);
  if (judged === undefined || log.pauseFigures.count === 0) return [];
  const beyond = log.pauses.filter(({ seconds }) => seconds >= limit);
  const sorted = log.pauses.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return [
    findingOf({
      rule: "gc/timeout",
      key: `gc/timeout#${name}`,
      ...judged,
      title:
        beyond.length > 0
          ? `${formatNumberOf(beyond.length, "pause")} as long as ${name} (${formatDuration(limit)}) or longer, up to ${formatDuration(max)}`
          : `The longest pause of ${formatDuration(max)} is ${formatPercent(max / limit)} of ${name} (${formatDuration(limit)}): little time is left for the answer`,
      impact: { value: max, unit: "seconds" },
      evidence: [
        fact("p99.9 of pauses", quantile(sorted, 0.999), "seconds", source),
        ...beyond.slice(0, 3).map(({ start, seconds }) => fact(`at ${formatPoint(start)}`, seconds, "seconds", source)),
      ],
      advice: `Shorten the pauses (gc/long-pause says what they are spent on), or raise the timeout above three times the longest.`,
    }),
  ];
}

/** Nobody said what matters: the longest timeout that a pause has outlasted. */
function usualTimeouts(log: GcLogEvidence): Finding[] {
  const { max } = log.pauseFigures;
  const outlasted = knownTimeouts.filter(({ seconds }) => max >= seconds);
  const longest = outlasted.at(-1);
  if (longest === undefined) return [];
  const count = log.pauses.filter(({ seconds }) => seconds >= longest.seconds).length;
  return [
    findingOf({
      rule: "gc/timeout",
      key: "gc/timeout#usual",
      severity: outlasted.length > 1 ? "warning" : "info",
      score: Math.min(74, 40 + 5 * outlasted.length),
      title: `The longest pause of ${formatDuration(max)} outlasts: ${longest.name}`,
      impact: { value: max, unit: "seconds" },
      evidence: [
        fact("pauses as long", count, "count", source),
        ...outlasted.map(({ name, seconds }) => {
          const longer = log.pauses.filter((pause) => pause.seconds >= seconds).length;
          return fact(name, formatNumberOf(longer, "pause"), "text", `${formatDuration(seconds)} or more`);
        }),
      ],
      advice:
        "Say what matters here with --goal, such as --goal pause=200ms,lease=10s,session=18s; shorten the pauses, or raise the timeouts that they outlast.",
    }),
  ];
}
