import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { significantSlope } from "../src/model/robust-trend.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { collectionsOf } from "./gc-collections.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { flagNumber, flagsOf } from "./recorded-flags.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { formatSpan } from "./spans.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";
import { warmUpEnd } from "./warm-up.ts";

const limits = jvmThresholds.metaspace;

/** Memory of class metadata: run out of, nearly full, growing, or collected for. */
export const jvmMetaspace: Analyzer<"recording"> = {
  name: "jvm-metaspace",
  description: "class metadata: out of memory, near its limit, growing, or the cause of collections",
  needs: ["recording"],
  analyze: ({ recording }) => ({
    findings: [...outOfMemory(recording), ...nearLimit(recording), ...growing(recording), ...collections(recording)],
    sections: [],
  }),
};

function outOfMemory(recording: RecordingEvidence): Finding[] {
  const events = eventsOf(recording, "jdk.MetaspaceOOM");
  if (events.rows === 0) return [];
  const sites = groupedBy(rowsOf(events), (row) => callPath(recording, events.stack(row)));
  return [
    findingOf({
      rule: "jvm/metaspace",
      key: "jvm/metaspace#out-of-memory",
      severity: "critical",
      score: 95,
      title: `Class metadata ran out of memory, ${formatNumberOf(events.rows + events.omittedRows, "time")}: an OutOfMemoryError each`,
      impact: { value: events.rows + events.omittedRows, unit: "count" },
      evidence: [
        fact("asked for", events.amount("size", 0), "bytes", "jdk.MetaspaceOOM"),
        ...sites.slice(0, 3).map(({ key, count }) => fact("at", `${key} (${count})`, "text", "jdk.MetaspaceOOM")),
        ...limitFacts(recording),
      ],
      advice:
        "Raise -XX:MaxMetaspaceSize (or -XX:CompressedClassSpaceSize) only if the classes are meant to be there; else find what loads them: jvm/class-loading.",
    }),
  ];
}

/** Of all metadata, and of the part for compressed class pointers, whichever is nearer to its limit. */
function nearLimit(recording: RecordingEvidence): Finding[] {
  const summary = eventsOf(recording, "jdk.MetaspaceSummary");
  const flags = flagsOf(recording);
  const last = summary.rows - 1;
  const parts = [
    { name: "Class metadata", flag: "MaxMetaspaceSize", committed: summary.number("metaspace.committed", last) },
    {
      name: "Compressed class space",
      flag: "CompressedClassSpaceSize",
      committed: summary.number("classSpace.committed", last),
    },
  ].map((part) => ({ ...part, limit: flagNumber(flags, part.flag) ?? Number.NaN }));
  const [nearest] = parts
    .map((part) => ({ ...part, ratio: part.committed / part.limit }))
    .filter(({ ratio, limit }) => ratio > 0 && limit < 2 ** 50)
    .sort((a, b) => b.ratio - a.ratio);
  const judged = nearest && judge(nearest.ratio, limits.usedOfLimit);
  if (nearest === undefined || judged === undefined) return [];
  return [
    findingOf({
      rule: "jvm/metaspace",
      key: "jvm/metaspace#limit",
      ...judged,
      title: `${nearest.name} takes ${formatBytes(nearest.committed)}, ${formatPercent(nearest.ratio)} of -XX:${nearest.flag}`,
      impact: { value: nearest.committed, unit: "bytes" },
      evidence: [fact("limit", nearest.limit, "bytes", `-XX:${nearest.flag}`)],
      advice: `Raise -XX:${nearest.flag} if the classes are meant to be there; if it grows, find what loads them: jvm/class-loading.`,
    }),
  ];
}

function growing(recording: RecordingEvidence): Finding[] {
  const summary = eventsOf(recording, "jdk.MetaspaceSummary");
  const from = warmUpEnd(recording, jvmThresholds.gc.liveSet);
  const rows = rowsOf(summary).filter((row) => summary.start(row) >= from && summary.text("when", row) !== "Before GC");
  const series = {
    seconds: rows.map((row) => summary.start(row)),
    values: rows.map((row) => summary.number("metaspace.used", row)),
  };
  const slope = significantSlope(series, limits.leastSeconds, {
    leastValues: jvmThresholds.gc.liveSet.leastCollections,
    partsBy: "values",
  });
  const judgedSeconds = (series.seconds.at(-1) ?? 0) - (series.seconds[0] ?? 0);
  const grown = (slope ?? 0) * judgedSeconds;
  const used = series.values.at(-1) ?? 0;
  if (grown < limits.growthBytes || grown < used * limits.growthShare) return [];
  return [
    findingOf({
      rule: "jvm/metaspace",
      key: "jvm/metaspace#growing",
      severity: "warning",
      score: 60,
      title: `Class metadata grows by ${formatBytes((slope ?? 0) * 60)} a minute, to ${formatBytes(used)}`,
      impact: { value: grown, unit: "bytes" },
      evidence: [
        fact("grown", grown, "bytes", `Theil–Sen slope over jdk.MetaspaceSummary of ${formatSpan(judgedSeconds)}`),
        ...limitFacts(recording),
      ],
      advice:
        "Find what makes classes: jvm/class-loading; loaders that are never freed are named by heap/class-loader-leak of a heap dump.",
    }),
  ];
}

/** Collections that the growth of metadata caused; the threshold starts low and grows with them. */
function collections(recording: RecordingEvidence): Finding[] {
  const caused = collectionsOf(recording).filter(({ cause }) => /^Metadata GC/.test(cause));
  const judged = judge(caused.length, limits.thresholdCollections);
  if (judged === undefined) return [];
  const used = Math.max(0, ...valuesOf(eventsOf(recording, "jdk.MetaspaceSummary"), "metaspace.committed"));
  return [
    findingOf({
      rule: "jvm/metaspace",
      key: "jvm/metaspace#threshold",
      ...judged,
      title: `${formatNumberOf(caused.length, "collection")} because class metadata reached a threshold`,
      impact: { value: caused.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0), unit: "seconds" },
      evidence: limitFacts(recording),
      advice: `If classes are only loaded at the start, set -XX:MetaspaceSize=${Math.max(64, Math.ceil((used * 1.25) / 2 ** 20))}m, so that it needs no collections to grow; if they keep coming, see jvm/class-loading.`,
    }),
  ];
}

function limitFacts(recording: RecordingEvidence) {
  const flags = flagsOf(recording);
  const used = eventsOf(recording, "jdk.MetaspaceSummary");
  const last = used.number("metaspace.used", used.rows - 1);
  const limit = flagNumber(flags, "MaxMetaspaceSize") ?? Number.NaN;
  return [
    ...(last > 0 ? [fact("used at the end", last, "bytes", "jdk.MetaspaceSummary")] : []),
    ...(limit < 2 ** 50 ? [fact("limit", limit, "bytes", "-XX:MaxMetaspaceSize")] : []),
  ];
}
