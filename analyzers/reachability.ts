import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import { strengths } from "../src/model/heap-graph.ts";
import type { Section } from "../src/model/section.ts";
import type { Bytes } from "../src/model/units.ts";
import { outerNameOf } from "./class-names.ts";
import { thresholds } from "./thresholds.ts";

const levels = [...strengths, "unreachable"] as const;
type Level = (typeof levels)[number];

interface ClassShare {
  readonly className: string;
  readonly objects: number;
  readonly bytes: Bytes;
}

interface LevelShare {
  readonly objects: number;
  readonly bytes: Bytes;
  /** Of all bytes of the dump. */
  readonly share: number;
  readonly topClasses: readonly ClassShare[];
}

/** How strongly the objects are held: what is garbage, what a cache would give up, what waits for its finalizer. */
export const reachability: Analyzer<"heap"> = {
  name: "reachability",
  description: "bytes that are strongly, softly, weakly, finalizer-, phantom-reachable and unreachable",
  needs: ["heap"],
  analyze({ heap }, options) {
    const shares = sharesOf(heap);
    const findings = [unreachable(shares), softOnly(shares), weakOnly(shares), finalizerBacklog(shares)];
    return { findings: findings.filter((finding) => finding !== undefined), sections: [sectionOf(shares, options)] };
  },
};

type Shares = Readonly<Record<Level, LevelShare>>;

/** Without the collector's fillers: they are holes of the heap and neither objects nor garbage. */
function sharesOf(heap: HeapEvidence): Shares {
  const { objects, shallowBytes, classObjects, classBytes } = heap.reachability;
  const fillers = heap.classes.filter(({ filler }) => filler);
  const ofFillers = (counts: Float64Array, level: number) =>
    fillers.reduce((sum, { index }) => sum + counts[level * heap.classes.length + index]!, 0);
  const bytesOf = (level: number) => shallowBytes[level]! - ofFillers(classBytes, level);
  const totalBytes = levels.reduce((sum, _, level) => sum + bytesOf(level), 0);
  const shareOf = (level: Level): LevelShare => {
    const index = levels.indexOf(level);
    const bytes = bytesOf(index);
    return {
      objects: objects[index]! - ofFillers(classObjects, index),
      bytes,
      share: totalBytes === 0 ? 0 : bytes / totalBytes,
      topClasses: topClassesOf(heap, index),
    };
  };
  return {
    strong: shareOf("strong"),
    soft: shareOf("soft"),
    weak: shareOf("weak"),
    finalizer: shareOf("finalizer"),
    phantom: shareOf("phantom"),
    unreachable: shareOf("unreachable"),
  };
}

function topClassesOf(
  { reachability: { classObjects, classBytes }, classes }: HeapEvidence,
  level: number,
): ClassShare[] {
  const byName = new Map<string, { className: string; objects: number; bytes: Bytes }>();
  for (const { index, name, filler } of classes) {
    const objects = classObjects[level * classes.length + index] ?? 0;
    if (objects === 0 || filler) continue;
    const row = byName.get(name) ?? { className: name, objects: 0, bytes: 0 };
    row.objects += objects;
    row.bytes += classBytes[level * classes.length + index] ?? 0;
    byName.set(name, row);
  }
  return [...byName.values()]
    .sort((a, b) => b.bytes - a.bytes || (a.className < b.className ? -1 : 1))
    .slice(0, thresholds.rows.list);
}

function unreachable({ unreachable: share }: Shares): Finding | undefined {
  const limits = thresholds.reachability;
  if (share.share < limits.unreachableShare || share.bytes < limits.smallestBytes) return undefined;
  return {
    ...findingOf("heap/unreachable-objects", "unreachable", share),
    title: `${formatBytes(share.bytes)} of the dump, ${formatPercent(share.share)}, is garbage that no collection had reached yet`,
    advice:
      "Not a leak: the next collection frees it, and nothing retains it. To leave it out take the dump with `jcmd <pid> GC.heap_dump <file>` " +
      "(without -all); if the garbage is what you are after, record allocations and look at who makes these classes.",
  };
}

function softOnly({ soft: share }: Shares): Finding | undefined {
  const limits = thresholds.reachability;
  if (share.share < limits.softShare || share.bytes < limits.smallestBytes) return undefined;
  return {
    ...findingOf("heap/softly-reachable", "soft", share),
    title: `${formatBytes(share.bytes)}, ${formatPercent(share.share)} of the dump, is held by SoftReferences only: a cache that gives way before the heap runs out`,
    advice:
      `Not a leak, but it makes the heap look full and full collections long: give the cache of ${topClassName(share)} ` +
      "a size limit, or lower -XX:SoftRefLRUPolicyMSPerMB.",
  };
}

function weakOnly({ weak: share }: Shares): Finding | undefined {
  const limits = thresholds.reachability;
  if (share.share < limits.weakShare || share.bytes < limits.smallestBytes) return undefined;
  return {
    ...findingOf("heap/weakly-reachable", "weak", share),
    title: `${formatBytes(share.bytes)}, ${formatPercent(share.share)} of the dump, is held by WeakReferences only and goes with the next collection`,
    advice: `Nothing to do for the memory; if ${topClassName(share)} should have stayed cached, its only strong holder is gone: keep one.`,
  };
}

function finalizerBacklog({ finalizer: share }: Shares): Finding | undefined {
  const limits = thresholds.reachability;
  const isLarge = share.bytes >= limits.smallestBytes && share.share >= limits.weakShare;
  if (share.objects < limits.finalizerObjects && !isLarge) return undefined;
  return {
    ...findingOf("heap/finalizer-backlog", "finalizer", share),
    severity: share.objects >= limits.finalizerCriticalObjects ? "critical" : "warning",
    score: Math.min(100, Math.round(30 + 100 * share.share)),
    title: `${formatNumberOf(share.objects, "object")} with ${formatBytes(share.bytes)} wait for their finalizer, most of them ${topClassName(share)}`,
    advice:
      `Close ${topClassName(share)} where it is used (try-with-resources) instead of leaving it to finalize(), or replace finalize() by a Cleaner; ` +
      "look at the stack of the thread `Finalizer` in this report: if it is blocked, the backlog only grows.",
  };
}

function topClassName(share: LevelShare): string {
  const top = share.topClasses[0];
  return top === undefined ? "its objects" : outerNameOf(top.className);
}

function findingOf(rule: string, level: Level, share: LevelShare): Omit<Finding, "title" | "advice"> {
  return {
    rule,
    key: rule,
    severity: "info",
    score: Math.min(100, Math.round(50 * share.share)),
    impact: { value: share.bytes, unit: "bytes" },
    evidence: [
      { label: `${level} objects`, value: share.objects, unit: "count", source: `sections.reachability.${level}` },
      ...share.topClasses.slice(0, 3).map(({ className, objects, bytes }) => ({
        label: `${formatCount(objects)} × ${className}`,
        value: bytes,
        unit: "bytes" as const,
        source: `sections.reachability.${level}.topClasses`,
      })),
    ],
    docs: `rules/${rule.replace("/", "-")}.md`,
  };
}

const titles: Readonly<Record<Level, string>> = {
  strong: "strongly held",
  soft: "only softly: freed before the heap runs out",
  weak: "only weakly: freed by the next collection",
  finalizer: "only for their finalizer",
  phantom: "only by phantom references",
  unreachable: "not at all: garbage",
};

function sectionOf(shares: Shares, options: AnalysisOptions): Section {
  const garbage = shares.unreachable.topClasses.slice(0, Math.min(5, options.top));
  return {
    name: "reachability",
    title: "How objects are held",
    data: shares,
    tables: [
      {
        title: "How objects are held",
        columns: [
          { title: "held", kind: "text" },
          { title: "objects", kind: "count" },
          { title: "bytes", kind: "bytes" },
          { title: "share", kind: "ratio" },
          { title: "mostly", kind: "className" },
        ],
        rows: levels
          .filter((level) => level === "strong" || level === "unreachable" || shares[level].objects > 0)
          .map((level) => [
            titles[level],
            shares[level].objects,
            shares[level].bytes,
            shares[level].share,
            shares[level].topClasses[0]?.className ?? "",
          ]),
        omittedRows: 0,
      },
      ...(garbage.length === 0
        ? []
        : [
            {
              title: "Unreachable objects by class",
              columns: [
                { title: "class", kind: "className" as const },
                { title: "objects", kind: "count" as const },
                { title: "bytes", kind: "bytes" as const },
              ],
              rows: garbage.map(({ className, objects, bytes }) => [className, objects, bytes]),
              omittedRows: shares.unreachable.topClasses.length - garbage.length,
            },
          ]),
    ],
    blocks: [],
    shownByDefault: true,
  };
}
