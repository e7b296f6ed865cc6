import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatNumberOf } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.finalizers;

/** Objects that wait for their finalizer, and classes that have one. */
export const jvmFinalizers: Analyzer<"recording"> = {
  name: "jvm-finalizers",
  description: "objects that wait for their finalizer, and how often finalizers run",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

interface FinalizableClass {
  readonly className: string;
  readonly waiting: number;
  readonly run: number;
}

function findingsOf(recording: RecordingEvidence): Finding[] {
  const classes = classesOf(recording);
  const waiting = classes.reduce((sum, one) => sum + one.waiting, 0);
  const perSecond = classes.reduce((sum, one) => sum + one.run, 0) / recording.durationSeconds;
  const judgements = [judge(waiting, limits.waiting), judge(perSecond, limits.runPerSecond)];
  const [judged] = judgements.filter((one) => one !== undefined).sort((a, b) => b.score - a.score);
  const [worst] = classes;
  if (worst === undefined || judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/finalizers",
      ...judged,
      title: `${formatNumberOf(waiting, "object")} with a finalizer on the heap, ${formatCount(perSecond, 1)} finalized a second; most of \`${worst.className}\``,
      impact: { value: waiting, unit: "count" },
      evidence: classes.slice(0, 5).map(({ className, waiting: alive, run }) => {
        return fact(
          className,
          `${formatCount(alive)} on the heap, ${formatCount(run)} finalized in the recording`,
          "text",
          "jdk.FinalizerStatistics",
        );
      }),
      advice:
        "Close what has a finalizer (try-with-resources) and replace finalizers by java.lang.ref.Cleaner: one thread runs all of them, and what waits for it stays in the heap.",
    }),
  ];
}

/** Of each class, the count at the end and the runs in between. */
function classesOf(recording: RecordingEvidence): FinalizableClass[] {
  const events = eventsOf(recording, "jdk.FinalizerStatistics");
  const first = new Map<string, number>();
  const last = new Map<string, FinalizableClass>();
  for (const row of rowsOf(events)) {
    const className = events.text("finalizableClass", row);
    if (className === undefined) continue;
    const total = events.amount("totalFinalizersRun", row);
    if (!first.has(className)) first.set(className, total);
    last.set(className, { className, waiting: events.amount("objects", row), run: total - first.get(className)! });
  }
  return [...last.values()].sort((a, b) => b.waiting + b.run - (a.waiting + a.run));
}
