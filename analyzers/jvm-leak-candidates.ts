import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type EventRows, eventsOf, rowsOf } from "./event-rows.ts";
import { fact, findingOf } from "./judgement.ts";
import { callPath, framesOf, groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.leakCandidates;

/** Objects that were allocated during the recording and are still there at its end. */
export const jvmLeakCandidates: Analyzer<"recording"> = {
  name: "jvm-leak-candidates",
  description: "sampled objects that outlived the recording, by class and where they were allocated",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

/** Samples of one class from one place. */
interface Candidate {
  readonly className: string;
  readonly rows: readonly number[];
  /** Thirds of the recording in which some of them were allocated: what goes on is a leak rather than a start. */
  readonly thirds: number;
}

/** A hint and never more: what is alive after a minute may be meant to be. */
function findingsOf(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.OldObjectSample");
  const candidates = candidatesOf(recording, events);
  const [first] = candidates;
  if (first === undefined) return [];
  const all = candidates.reduce((sum, { rows }) => sum + rows.length, 0);
  const places = first.rows.map((row) => callPath(recording, events.stack(row)));
  const [place] = groupedBy(places, (path) => path);
  return [
    findingOf({
      rule: "jvm/leak-candidates",
      severity: "info",
      score: Math.round(20 + 25 * (first.rows.length / Math.max(1, events.rows))),
      title: `\`${first.className}\`${place === undefined ? "" : ` from ${place.key.split(" ← ")[0]}`} is ${formatPercent(first.rows.length / events.rows)} of the sampled objects that stayed alive`,
      impact: { value: first.rows.length, unit: "count" },
      evidence: [
        ...candidates.slice(0, limits.candidates).map((candidate) => candidateFact(recording, events, candidate)),
        fact(
          "samples",
          `${formatNumberOf(all, "sample")} of ${events.rows} lived through ${formatSpan(ageLimit(recording))} or more and were allocated all along`,
          "text",
          "jdk.OldObjectSample",
        ),
        ...chainFacts(events, first),
      ],
      advice:
        chainFacts(events, first).length > 0
          ? "Look at who holds them above; if gc/live-set-growing is there as well, take a heap dump to be sure."
          : "Only if gc/live-set-growing is there as well: take a heap dump and read it with jprof analyze, or record with path-to-gc-roots=true for the chain of references.",
    }),
  ];
}

function ageLimit({ durationSeconds }: RecordingEvidence): number {
  return Math.max(limits.leastAgeSeconds, durationSeconds * limits.ageShare);
}

function candidatesOf(recording: RecordingEvidence, events: EventRows): Candidate[] {
  const byClass = new Map<string, number[]>();
  for (const row of rowsOf(events)) {
    const className = classOf(events, row);
    if (className === undefined || isOfRecorder(recording, events, row)) continue;
    byClass.set(className, [...(byClass.get(className) ?? []), row]);
  }
  return [...byClass]
    .map(([className, rows]) => ({ className, rows, thirds: thirdsOf(recording, events, rows) }))
    .filter(
      ({ rows, thirds }) =>
        thirds === 3 && rows.length >= limits.samples && rows.some((row) => ageOf(events, row) >= ageLimit(recording)),
    )
    .sort((a, b) => b.rows.length - a.rows.length || (a.className < b.className ? -1 : 1));
}

function classOf(events: EventRows, row: number): string | undefined {
  return events.text("object", row);
}

/** What the recording itself keeps. */
function isOfRecorder(recording: RecordingEvidence, events: EventRows, row: number): boolean {
  return framesOf(recording, events.stack(row), 8).some((frame) => frame.startsWith("jdk.jfr."));
}

/** JDK 17 and later write the age; before, it is what has passed since the allocation. */
function ageOf(events: EventRows, row: number): number {
  const age = events.number("objectAge", row);
  return Number.isFinite(age) ? age : events.start(row) - events.number("allocationTime", row);
}

function thirdsOf({ durationSeconds }: RecordingEvidence, events: EventRows, rows: readonly number[]): number {
  const thirds = rows.map((row) => Math.floor((events.number("allocationTime", row) / durationSeconds) * 3));
  return new Set(thirds.map((third) => Math.min(2, Math.max(0, third)))).size;
}

function candidateFact(
  recording: RecordingEvidence,
  events: EventRows,
  { className, rows }: Candidate,
): FindingEvidence {
  const sizes = rows.map((row) => events.number("objectSize", row)).filter(Number.isFinite);
  const [place] = groupedBy(rows, (row) => callPath(recording, events.stack(row)));
  const parts = [
    formatNumberOf(rows.length, "sample"),
    ...(sizes.length > 0 ? [`up to ${formatBytes(Math.max(...sizes))} each`] : []),
    `oldest ${formatSpan(Math.max(...rows.map((row) => ageOf(events, row))))}`,
    ...(place === undefined ? [] : [`at ${place.key}`]),
  ];
  return fact(className, parts.join(", "), "text", "jdk.OldObjectSample");
}

/** The references from a root, where the recording followed them. */
function chainFacts(events: EventRows, { rows }: Candidate): FindingEvidence[] {
  const row = rows.find((candidate) => events.text("object.referenceChain", candidate) !== undefined);
  if (row === undefined) return [];
  return [
    fact(
      "held by",
      [events.text("root", row), events.text("object.referenceChain", row)].filter(Boolean).join(": "),
      "text",
      "jdk.OldObjectSample",
    ),
  ];
}
