import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type EventRows, eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { groupedBy } from "./recorded-stacks.ts";
import { formatPoint, formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.deoptimization;

/** Compiled code that is thrown away again and again. */
export const jvmDeoptimizations: Analyzer<"recording"> = {
  name: "jvm-deoptimizations",
  description: "methods whose compiled code is thrown away again and again, and waves of such",
  needs: ["recording"],
  analyze: ({ recording }) => {
    const events = eventsOf(recording, "jdk.Deoptimization");
    return { findings: events.rows === 0 ? [] : [...ofOneMethod(events), ...waves(recording, events)], sections: [] };
  },
};

function siteOf(events: EventRows, row: number): string {
  const reason = events.text("reason", row) ?? "unknown reason";
  return `${events.text("method", row) ?? "unknown method"}: ${reason}`;
}

function ofOneMethod(events: EventRows): Finding[] {
  const sites = groupedBy(rowsOf(events), (row) => siteOf(events, row));
  const [worst] = sites;
  const judged = worst && judge(worst.count, limits.ofOneMethod);
  if (worst === undefined || judged === undefined) return [];
  const example = rowsOf(events).find((row) => siteOf(events, row) === worst.key)!;
  return [
    findingOf({
      rule: "jvm/deoptimization-storm",
      key: "jvm/deoptimization-storm#method",
      ...judged,
      title: `\`${events.text("method", example) ?? "A method"}\` fell back to the interpreter ${formatNumberOf(worst.count, "time")} because of ${events.text("reason", example) ?? "one reason"}`,
      impact: { value: worst.count, unit: "count" },
      evidence: [
        fact("line", events.amount("lineNumber", example), "count", "jdk.Deoptimization"),
        fact(
          "instruction, action",
          `${events.text("instruction", example) ?? "?"}, ${events.text("action", example) ?? "?"}`,
          "text",
          "jdk.Deoptimization",
        ),
        ...sites.slice(1, 4).map(({ key, count }) => fact(key, count, "count", "jdk.Deoptimization")),
      ],
      advice:
        "Look at that line: types that change all the time, or a branch that the compiler took for impossible. Make the common case one type, or move the rare case into a method of its own.",
    }),
  ];
}

function waves(recording: RecordingEvidence, events: EventRows): Finding[] {
  const windowSeconds = Math.min(limits.windowSeconds, recording.durationSeconds);
  const starts = rowsOf(events).map((row) => events.start(row));
  const worst = fullestWindow(starts, windowSeconds);
  const perSecond = worst.count / windowSeconds;
  const judged = judge(perSecond, limits.perSecond);
  if (judged === undefined) return [];
  const inWave = rowsOf(events).slice(worst.first, worst.first + worst.count);
  return [
    findingOf({
      rule: "jvm/deoptimization-storm",
      key: "jvm/deoptimization-storm#wave",
      ...judged,
      title: `${formatCount(worst.count)} methods fell back to the interpreter in ${formatSpan(windowSeconds)} from ${formatPoint(starts[worst.first] ?? 0)}`,
      impact: { value: worst.count, unit: "count" },
      evidence: [
        fact("all over the recording", events.rows + events.omittedRows, "count", "jdk.Deoptimization"),
        ...groupedBy(inWave, (row) => events.text("reason", row))
          .slice(0, 3)
          .map(({ key, count }) => fact(`because of ${key}`, count, "count", "jdk.Deoptimization")),
        ...groupedBy(inWave, (row) => events.text("method", row))
          .slice(0, 3)
          .map(({ key, count }) => fact(key, count, "count", "jdk.Deoptimization")),
      ],
      advice:
        "At a start or when load changes, this passes. If it goes on, look for classes that are loaded or redefined while the program runs, and for agents that instrument it.",
    }),
  ];
}

/** Where the most points of a sorted list lie within a window. */
function fullestWindow(sorted: readonly number[], seconds: number): { readonly first: number; readonly count: number } {
  let best = { first: 0, count: 0 };
  let first = 0;
  for (const [index, at] of sorted.entries()) {
    while (sorted[first]! < at - seconds) first++;
    if (index - first + 1 > best.count) best = { first, count: index - first + 1 };
  }
  return best;
}
