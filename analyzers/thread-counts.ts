import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding } from "../src/model/finding.ts";
import { formatCount } from "../src/model/format-number.ts";
import type { Loss } from "../src/model/heap-evidence.ts";
import type { ThreadDumpSnapshot } from "../src/model/thread-dump.ts";
import { shortFrame, topOwnFrame } from "./dump-frames.ts";
import { openName } from "./dump-labels.ts";
import { secondsSince } from "./dump-series.ts";
import { countsOf, dumpDocs, formatDuration, textEvidence } from "./dump-wording.ts";
import { threadLimits } from "./thresholds-threads.ts";

/** Very many platform threads, or more in every dump; and how many are missing because the file was cut. */
export const threadCounts: Analyzer<"threadDumps"> = {
  name: "thread-counts",
  description: "very many threads, and pools that grow from dump to dump",
  needs: ["threadDumps"],
  analyze({ threadDumps: { dumps, file } }) {
    const last = dumps.at(-1);
    const findings = last ? [...tooMany(last), ...growing(dumps), ...damaged(file.losses)] : [];
    return { findings, sections: [] };
  },
};

function damaged(losses: readonly Loss[]): readonly Finding[] {
  const [first] = losses;
  if (!first) return [];
  return [
    {
      rule: "threads/damaged-dump",
      key: "threads/damaged-dump",
      severity: "warning",
      score: 10,
      title: `Not all of the dumps could be read: ${first.reason}`,
      impact: { value: losses.length, unit: "count" },
      evidence: losses
        .slice(0, 5)
        .map(({ reason }, index) => textEvidence(index === 0 ? "lost" : "", reason, "the file")),
      advice: "Take the dump again, whole: a deadlock or a holder may be among what is missing.",
      docs: dumpDocs,
    },
  ];
}

/** Platform threads by pool, biggest first. */
function poolSizes({ threads, folded }: ThreadDumpSnapshot): ReadonlyMap<string, number> {
  const sizes = new Map(countsOf(threads.filter(isPlatform).map(({ pool }) => pool)));
  for (const { pool, count } of folded.filter(({ isVirtual }) => !isVirtual))
    sizes.set(pool, (sizes.get(pool) ?? 0) + count);
  return sizes;
}

function isPlatform({ isVirtual, isInternal }: { readonly isVirtual: boolean; readonly isInternal: boolean }): boolean {
  return !isVirtual && !isInternal;
}

function tooMany(dump: ThreadDumpSnapshot): readonly Finding[] {
  const sizes = [...poolSizes(dump)].sort((a, b) => b[1] - a[1]);
  const total = sizes.reduce((sum, [, count]) => sum + count, 0);
  const [biggest] = sizes;
  if (total < threadLimits.count.threads || !biggest) return [];
  return [
    {
      rule: "threads/many-threads",
      key: "threads/many-threads",
      severity: "warning",
      score: Math.min(100, Math.round(total / 100)),
      title: `${formatCount(total)} platform threads, ${formatCount(biggest[1])} of them \`${openName(biggest[0])}\``,
      impact: { value: total, unit: "count" },
      evidence: sizes
        .slice(0, 4)
        .map(([pool, count]) =>
          textEvidence(
            openName(pool),
            `${formatCount(count)} threads, most at ${mostAt(dump, pool)}`,
            "sections.threadPools",
          ),
        ),
      advice: `Bound the pool that makes \`${openName(biggest[0])}\`: each thread costs a stack of up to -Xss outside the heap, and thousands point to threads that are started per request or never ended.`,
      docs: dumpDocs,
    },
  ];
}

function mostAt({ threads }: ThreadDumpSnapshot, pool: string): string {
  const places = countsOf(
    threads
      .filter((thread) => thread.pool === pool)
      .map(({ frames }) => {
        const frame = topOwnFrame(frames);
        return frame ? shortFrame(frame) : "no frames";
      }),
  );
  return places[0]?.[0] ?? "no frames";
}

/** The biggest ones; names that all differ would be pools of one thread each. */
const mostPools = 100;

/** A pool with more threads in each of the last dumps. */
function growing(dumps: readonly ThreadDumpSnapshot[]): readonly Finding[] {
  const limits = threadLimits.count;
  if (dumps.length < limits.growthDumps) return [];
  const sizes = dumps.map(poolSizes);
  const last = dumps.at(-1)!;
  return [...sizes.at(-1)!].slice(0, mostPools).flatMap(([pool, count]): Finding[] => {
    const counts = sizes.map((each) => each.get(pool) ?? 0);
    const first = counts[0]!;
    const isRising = counts.every((each, index) => index === 0 || each > counts[index - 1]!);
    const growth = count - first;
    if (!isRising || growth < limits.growth || growth < limits.growthShare * first) return [];
    const seconds = secondsSince(dumps, 0);
    return [
      {
        rule: "threads/growing",
        key: `threads/growing:${pool}`,
        severity: "warning",
        score: Math.min(100, 50 + Math.round(growth / 20)),
        title: `Threads of \`${openName(pool)}\` grew from ${formatCount(first)} to ${formatCount(count)}${seconds === undefined ? "" : ` in ${formatDuration(seconds)}`}`,
        impact: { value: growth, unit: "count" },
        evidence: [
          textEvidence(
            "by dump",
            counts
              .slice(-10)
              .map((each) => formatCount(each))
              .join(" → "),
            "the series",
          ),
          textEvidence("most at", mostAt(last, pool), "the last dump"),
        ],
        advice:
          "Find who starts them and never ends them: a pool per request, a client that is not closed, or work that comes faster than it is done.",
        docs: dumpDocs,
      },
    ];
  });
}
