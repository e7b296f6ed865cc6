import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEnd } from "./warm-up.ts";

const limits = jvmThresholds.compilation;

/** Compilations that take long, fail, or never end. */
export const jvmCompiler: Analyzer<"recording"> = {
  name: "jvm-compiler",
  description: "compilations that take long or fail, and the CPU that compiling takes once the program is warm",
  needs: ["recording"],
  analyze: ({ recording }) => ({
    findings: [...longCompilation(recording), ...failures(recording), ...effort(recording)],
    sections: [],
  }),
};

function longCompilation(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.Compilation");
  const rows = rowsOf(events).sort((a, b) => events.duration(b) - events.duration(a));
  const [longest] = rows;
  const judged = longest === undefined ? undefined : judge(events.duration(longest), limits.longestSeconds);
  if (longest === undefined || judged === undefined) return [];
  const method = events.text("method", longest) ?? "a method";
  return [
    findingOf({
      rule: "jvm/compilation",
      key: "jvm/compilation#long",
      ...judged,
      title: `Compiling \`${method}\` took ${formatSpan(events.duration(longest))}: until then it runs slowly`,
      impact: { value: events.duration(longest), unit: "seconds" },
      evidence: [
        fact("at", formatPoint(events.start(longest)), "text", "jdk.Compilation"),
        fact(
          "compiler",
          `${events.text("compiler", longest) ?? "?"}, level ${events.amount("compileLevel", longest)}`,
          "text",
          "jdk.Compilation",
        ),
        fact("code", events.amount("codeSize", longest), "bytes", "jdk.Compilation"),
        ...rows
          .slice(1, 3)
          .map((row) =>
            fact(events.text("method", row) ?? "a method", events.duration(row), "seconds", "jdk.Compilation"),
          ),
      ],
      advice:
        "Look whether the compiler threads get the CPU (jvm/cpu); if they do, split the method: very big ones, often generated, compile slowly.",
    }),
  ];
}

/** What the JVM drops because a class or an agent changed something is retried, and no failure. */
function failures(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.CompilationFailure");
  const reasons = groupedBy(rowsOf(events), (row) => events.text("failureMessage", row));
  const serious = reasons.filter(({ key }) => !benign.test(key));
  const count = serious.reduce((sum, reason) => sum + reason.count, 0);
  const isFull = serious.some(({ key }) => /CodeCache is full/i.test(key));
  if (count < limits.failures && !isFull) return [];
  return [
    findingOf({
      rule: "jvm/compilation",
      key: "jvm/compilation#failed",
      severity: isFull ? "warning" : "info",
      score: isFull ? 60 : 35,
      title: `${formatNumberOf(count, "compilation")} failed, most often: ${serious[0]!.key}`,
      impact: { value: count, unit: "count" },
      evidence: serious.slice(0, 5).map((reason) => fact(reason.key, reason.count, "count", "jdk.CompilationFailure")),
      advice: isFull
        ? "There is no room for compiled code: see jvm/code-cache."
        : "Find the methods with -XX:+PrintCompilation (`COMPILE SKIPPED`): those that are too big are to be split.",
    }),
  ];
}

const benign =
  /concurrent class loading|invalidated dependencies|retry|state change|not compilable at tier|stale task/i;

/** After the start, compilers have little to do; if not, code is generated or thrown away without end. */
function effort(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.CompilerStatistics");
  const from = warmUpEnd(recording, { warmUpSeconds: limits.warmUpSeconds, warmUpShare: 1 });
  const warm = rowsOf(events).filter((row) => events.start(row) >= from);
  const first = warm[0];
  const last = warm.at(-1);
  if (first === undefined || last === undefined) return [];
  const seconds = events.start(last) - events.start(first);
  const spent = events.number("totalTimeSpent", last) - events.number("totalTimeSpent", first);
  const judged = seconds >= 10 ? judge(spent / seconds, limits.busyCompilers) : undefined;
  if (judged === undefined) return [];
  const compiled = events.number("compileCount", last) - events.number("compileCount", first);
  const queue = Math.max(0, ...valuesOf(eventsOf(recording, "jdk.CompilerQueueUtilization"), "queueSize"));
  return [
    findingOf({
      rule: "jvm/compilation",
      key: "jvm/compilation#effort",
      ...judged,
      title: `Compilers worked for ${formatSpan(spent)} in ${formatSpan(seconds)}, long after the start: ${formatCount(spent / seconds, 2)} at a time`,
      impact: { value: spent, unit: "seconds" },
      evidence: [
        fact("methods compiled meanwhile", compiled, "count", "jdk.CompilerStatistics"),
        ...(queue >= limits.queue ? [fact("longest queue", queue, "count", "jdk.CompilerQueueUtilization")] : []),
      ],
      advice:
        "Look at jvm/deoptimization-storm, jvm/code-cache and jvm/class-loading for what makes new code all the time.",
    }),
  ];
}
