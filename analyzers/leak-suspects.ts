import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatPercent } from "../src/model/format-number.ts";
import type { HeapEvidence, StackFrame } from "../src/model/heap-evidence.ts";
import type { Section } from "../src/model/section.ts";
import { mergeAlike } from "./alike-suspects.ts";
import { isPlatformClass, stableNameOf } from "./class-names.ts";
import { retainedBytesOf } from "./heap-lookup.ts";
import { formatObject, pathData, stepsOf } from "./reference-path.ts";
import { isHolderLost } from "./suspect-facts.ts";
import { reportSuspects, type SuspectReport } from "./suspect-report.ts";
import type { Suspect } from "./suspect-search.ts";
import { adviceFor, namedClassOf, titleOf } from "./suspect-wording.ts";
import { formatFrame, isHiddenFrame } from "./thread-facts.ts";
import { thresholds } from "./thresholds.ts";

/** Who holds so much that it may be the leak: through which fields, with what in it, and whether it looks like growth or like a buffer. */
export const leakSuspects: Analyzer<"heap"> = {
  name: "leak-suspects",
  description: "objects and groups that retain much, with their accumulation point and the path that holds them",
  needs: ["heap"],
  analyze({ heap }, options) {
    const reports = reportSuspects(heap, options);
    const told = mergeAlike(reports).filter(isWorthTelling);
    return { findings: told.map((report) => findingOf(heap, report)), sections: [sectionOf(heap, reports, options)] };
  },
};

/** The section lists all; of those that are not ill, people are told of what is big in itself. */
function isWorthTelling({ severity, share, shape, retainedBytes }: SuspectReport): boolean {
  const { infoShare, infoBytes } = thresholds.suspects;
  if (severity !== "info") return true;
  return retainedBytes >= infoBytes && (shape === "collection" || share >= infoShare);
}

function findingOf(heap: HeapEvidence, report: SuspectReport): Finding {
  const { severity, share, retainedBytes } = report;
  const rule = ruleOf(report);
  return {
    rule,
    key: keyOf(rule, report),
    severity,
    score: Math.min(100, Math.round(100 * share)),
    title: titleOf(report),
    impact: { value: retainedBytes, unit: "bytes" },
    evidence: [
      ...entryEvidence(report),
      ...pathEvidence(heap, report),
      ...threadEvidence(heap, report),
      ...mostlyEvidence(report),
    ],
    advice: adviceFor(report),
    docs: `rules/${rule.replace("/", "-")}.md`,
  };
}

function ruleOf({ shape }: SuspectReport): string {
  if (shape === "collection") return "heap/leak-suspect";
  return shape === "threads" ? "heap/thread-retains" : "heap/big-holder";
}

/** By who holds what: the same in the next dump of the same service. */
function keyOf(rule: string, report: SuspectReport): string {
  const holder = (report.holder?.name ?? "")
    .replace(/\(.*\)/, "")
    .replace(/\[[\d,]+\]/g, "[]")
    .replace(/thread ".*"/, "thread");
  return `${rule}:${holder}:${namedClassOf(report)}`;
}

const source = "sections.suspects";

function entryEvidence({ entries, isOfEntries, parted }: SuspectReport): FindingEvidence[] {
  if (entries === undefined || !isOfEntries) return [];
  const below =
    parted === undefined ? "" : `: together ${formatCount(parted.objects)} of ${stableNameOf(parted.className)}`;
  const value = `${formatCount(entries.count)} entries of ${stableNameOf(entries.name)}, ${formatBytes(entries.eachBytes)} each with what they hold${below}`;
  return [{ label: "", value, unit: "text", source }];
}

function pathEvidence(
  heap: HeapEvidence,
  { path, pathText, suspect, typicalShare, shape }: SuspectReport,
): FindingEvidence[] {
  if (suspect.kind === "group" && shape === "threads")
    return [{ label: "held by", value: pathText, unit: "text", source }];
  if (path.ordinals.length === 0) {
    const why = isHolderLost(heap, suspect)
      ? `what could not be read of the dump${pathText === "" ? "" : ` → ${pathText}`}`
      : "no common path: many different objects or roots hold them";
    return [{ label: "held by", value: why, unit: "text", source }];
  }
  const share = suspect.kind === "group" ? ` (${formatPercent(typicalShare)} of them)` : "";
  const label = isScatteredGroup(suspect) ? "for example" : "held by";
  return [
    {
      label,
      value: `${pathText}${share}`,
      unit: "text",
      source: `${source}, literal shortest path from a GC root${suspect.isOffStack ? " that is no local variable" : ""}`,
    },
  ];
}

function isScatteredGroup(suspect: Suspect): boolean {
  return suspect.kind === "group" && suspect.path.length === 0;
}

function threadEvidence(heap: HeapEvidence, { path, suspect, holder, severity }: SuspectReport): FindingEvidence[] {
  if (isScatteredGroup(suspect) || (severity === "info" && holder?.kind !== "local")) return [];
  const thread = heap.threads.find(({ ordinal }) => ordinal === path.ordinals[0]);
  if (thread === undefined) return [];
  return tellingFrames(thread.frames).map((frame, i) => ({
    label: i === 0 ? "thread is at" : "",
    value: formatFrame(frame),
    unit: "text",
    source: "sections.threads",
  }));
}

/** From the JDK's frame right above the program's topmost one on: what is above that is how the JDK waits or allocates. */
function tellingFrames(frames: readonly StackFrame[]): readonly StackFrame[] {
  const shown = frames.filter((frame) => !isHiddenFrame(frame));
  const own = shown.findIndex(({ className }) => !isPlatformClass(className));
  return shown.slice(Math.max(0, own - 1)).slice(0, 5);
}

function mostlyEvidence({ mostly }: SuspectReport): FindingEvidence[] {
  if (mostly === undefined || mostly.share < 0.3) return [];
  return [
    {
      label: "mostly",
      value: `${mostly.text}, ${formatPercent(Math.min(1, mostly.share))} of it`,
      unit: "text",
      source,
    },
  ];
}

function sectionOf(heap: HeapEvidence, reports: readonly SuspectReport[], options: AnalysisOptions): Section {
  const shown = reports.slice(0, options.top);
  return {
    name: "suspects",
    title: "Leak suspects",
    data: reports.map((report) => suspectData(heap, report)),
    tables: [
      {
        title: "What retains more than a tenth of the heap",
        columns: [
          { title: "class", kind: "className" },
          { title: "held by", kind: "text" },
          { title: "retained", kind: "bytes" },
          { title: "share", kind: "ratio" },
          { title: "looks like", kind: "text" },
        ],
        rows: shown.map((report) => [
          namedClassOf(report),
          report.holder?.name ?? "",
          report.retainedBytes,
          report.share,
          report.shape,
        ]),
        omittedRows: reports.length - shown.length,
        ...(reports.length === 0 ? { note: "nothing does" } : {}),
      },
    ],
    blocks: shown.flatMap((report) => [
      { title: `Shortest path from a GC root to ${endOf(report)}`, lines: pathLines(report) },
      ...(report.suspect.kind === "group"
        ? []
        : [
            {
              title: "Its dominators (each retains the next whole; not a reference path)",
              lines: chainLines(heap, report),
            },
          ]),
    ]),
    shownByDefault: false,
  };
}

function endOf({ suspect, naming, path }: SuspectReport): string {
  const end = path.ordinals[path.ordinals.length - 1];
  if (suspect.kind === "single") return `the accumulation point, ${formatObject(naming, suspect.accumulationPoint)}`;
  return end === undefined
    ? "the group"
    : `${isScatteredGroup(suspect) ? "one of the group" : "what most of the group has in common"}, ${formatObject(naming, end)}`;
}

function pathLines({ naming, path }: SuspectReport): string[] {
  if (path.ordinals.length === 0) return ["no common path: many different objects hold them"];
  return stepsOf(naming, path).map((step, i) => (i === 0 ? step : `→ ${step}`));
}

function chainLines(heap: HeapEvidence, { naming, suspect }: SuspectReport): string[] {
  if (suspect.kind === "group") return [];
  const lines = suspect.chain.map(
    (ordinal) => `${formatObject(naming, ordinal)}  ${formatBytes(retainedBytesOf(heap, ordinal))}`,
  );
  return lines.length <= 20 ? lines : [...lines.slice(0, 8), `… ${lines.length - 16} more …`, ...lines.slice(-8)];
}

function suspectData(heap: HeapEvidence, report: SuspectReport): unknown {
  const { suspect, naming, shape, severity, retainedBytes, share, holder, contents } = report;
  const objectData = (ordinal: number) => ({
    className: stableNameOf(naming.classByOrdinal.get(ordinal) ?? heap.classes[heap.graph.classOf[ordinal]!]!.name),
    objectId: heap.objects.idOf(ordinal),
    retainedBytes: retainedBytesOf(heap, ordinal),
  });
  const isClass = suspect.kind === "single" && naming.classByOrdinal.has(report.named);
  return {
    className: isClass
      ? "java.lang.Class"
      : suspect.kind === "group"
        ? stableNameOf(heap.classes[suspect.classIndex]!.name)
        : namedClassOf(report),
    ...(isClass ? { represents: namedClassOf(report) } : {}),
    ...(suspect.kind === "single"
      ? { objectId: heap.objects.idOf(report.named) }
      : { instances: suspect.members.length, pathShare: report.typicalShare }),
    retainedBytes,
    share,
    kind: suspect.kind,
    shape,
    severity,
    heldBy: holder?.name ?? null,
    pathText: report.pathText,
    path: pathData(naming, report.path),
    ...(suspect.kind === "single"
      ? {
          topDominator: objectData(suspect.ordinal),
          accumulationPoint: objectData(suspect.accumulationPoint),
          dominatorChain: suspect.chain.slice(0, 100).map(objectData),
        }
      : {}),
    ...(report.entries === undefined
      ? {}
      : {
          entries: {
            className: stableNameOf(report.entries.name),
            count: report.entries.count,
            eachBytes: report.entries.eachBytes,
          },
        }),
    holds: contents.classes.slice(0, 10),
  };
}
