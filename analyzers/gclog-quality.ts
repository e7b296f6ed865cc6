import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { GcLogEvidence } from "../src/model/gc-log-evidence.ts";
import { fact, findingOf, judge } from "./judgement.ts";
import { gcLogThresholds } from "./thresholds-gclog.ts";

/** What the log cannot tell, and what of it was not understood. */
export const gclogQuality: Analyzer<"gcLog"> = {
  name: "gclog-quality",
  description: "questions that the log has no lines for, with the -Xlog to set, and lines that were not understood",
  needs: ["gcLog"],
  analyze: ({ gcLog }) => ({ findings: [...unanswered(gcLog), ...unparsed(gcLog), ...lost(gcLog)], sections: [] }),
};

interface BlindSpot {
  readonly question: string;
  readonly remedy: string;
}

/** A question that the log does not answer. */
function blindSpotsOf(log: GcLogEvidence): readonly BlindSpot[] {
  const { collections, safepoints, tenuring, humongous, phases, collector, durationSeconds, file } = log;
  const isUnified = file.format === "unified logging";
  const isGenerational = /^(?:Serial|Parallel|G1|CMS)$/.test(collector ?? "");
  const isBig = collections.some(({ cause }) => /Humongous/.test(cause));
  const spots: [boolean, string, string][] = [
    [durationSeconds === 0, "when anything was, and so every rate", "decorations uptime,time"],
    [safepoints.length === 0, "time to safepoint, and stops that are no collections", "safepoint"],
    [
      isGenerational && !collections.some(({ realSeconds }) => realSeconds >= 0),
      "whether pauses had the CPU",
      "gc+cpu",
    ],
    [phases.length === 0, "what pauses are spent on", "gc+phases"],
    [isGenerational && tenuring === undefined, "whether objects grow old too early", "gc+age=debug"],
    [isBig && humongous === undefined, "how big the big objects are", "gc+humongous=debug"],
    [
      isGenerational && !collections.some(({ oldAfter }) => oldAfter >= 0),
      "how much moves to the old generation",
      "gc+heap",
    ],
    [
      log.runs.every(({ facts }) => facts.size < 3),
      "heap limit, CPUs and memory",
      "gc+init, and the first file of the log",
    ],
  ];
  return spots.flatMap(([isBlind, question, remedy]) => {
    return isBlind ? [{ question, remedy: isUnified ? remedy : (oldRemedies[remedy] ?? remedy) }] : [];
  });
}

const oldRemedies: Readonly<Record<string, string>> = {
  "gc+cpu": "-XX:+PrintGCDetails",
  "gc+phases": "-XX:+PrintGCDetails",
  "gc+heap": "-XX:+PrintGCDetails",
  "gc+age=debug": "-XX:+PrintTenuringDistribution",
  safepoint: "-XX:+PrintGCApplicationStoppedTime",
  "decorations uptime,time": "-XX:+PrintGCDateStamps",
};

function unanswered(log: GcLogEvidence): Finding[] {
  const spots = blindSpotsOf(log);
  if (spots.length === 0) return [];
  const isUnified = log.file.format === "unified logging";
  return [
    findingOf({
      rule: "gc/log-detail",
      severity: "info",
      score: Math.min(24, 10 + spots.length),
      title: `The log cannot tell ${spots[0]!.question}${spots.length > 1 ? `, nor ${formatNumberOf(spots.length - 1, "other thing")}` : ""}`,
      impact: { value: spots.length, unit: "count" },
      evidence: spots.map(({ question, remedy }) => fact(question, remedy, "text", "not in the log")),
      advice: isUnified
        ? "Log with -Xlog:gc*,gc+age=debug,gc+humongous=debug,safepoint:file=gc.log:time,uptime,level,tags:filecount=10,filesize=50M."
        : "Log with -XX:+PrintGCDetails -XX:+PrintGCDateStamps -XX:+PrintTenuringDistribution -XX:+PrintGCApplicationStoppedTime.",
    }),
  ];
}

function unparsed({ file }: GcLogEvidence): Finding[] {
  const { unparsedLines, gcLines, unparsedShapes } = file;
  if (unparsedLines === 0) return [];
  const share = unparsedLines / gcLines;
  const judged = judge(share, gcLogThresholds.unparsed.share);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/log-unparsed",
      ...judged,
      score: judged.severity === "info" ? 5 : judged.score,
      title: `${formatNumberOf(unparsedLines, "line")} of the collector (${formatPercent(share)}) were not understood`,
      impact: { value: unparsedLines, unit: "count" },
      evidence: unparsedShapes.slice(0, 5).map(({ shape, lines }) => fact(shape, lines, "count", "numbers shown as N")),
      advice:
        "Numbers here are right as far as they go; what those lines say is missing. Report their shapes, which hold no data.",
    }),
  ];
}

function lost({ file, openCollections, runs }: GcLogEvidence): Finding[] {
  const losses = file.losses.map(({ reason }) => fact("lost", reason, "text", file.name));
  const open = openCollections > 1 ? [fact("collections without an end", openCollections, "count", "the log")] : [];
  if (losses.length + open.length === 0) return [];
  return [
    findingOf({
      rule: "gc/log-damaged",
      severity: "warning",
      score: 50,
      title:
        losses.length > 0
          ? "The log is damaged: some of it was not read"
          : `${openCollections} collections have no end in the log`,
      impact: { value: file.losses.length + openCollections, unit: "count" },
      evidence: [...losses, ...open, ...(runs.length > 1 ? [fact("JVMs", runs.length, "count", "the log")] : [])],
      advice:
        "Give each JVM a log of its own (%p in the name of -Xlog's file), and the files of a rotated log together.",
    }),
  ];
}
