import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { type CallTree, callTree } from "../src/stacks/call-tree.ts";
import { rowsOf, selectSamples } from "../src/stacks/select.ts";
import { isGlue } from "./call-sites.ts";
import { busyThreads, shareInterval } from "./cpu-profile.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { scoreOfThreads, told } from "./hot-wording.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.cpu;

/** The chain of the heaviest callees of one pool. */
export interface HotPath {
  readonly pool: string;
  readonly weight: number;
  readonly count: number;
  /** Frames from the root, each with its part of the pool's weight. */
  readonly steps: readonly PathStep[];
}

export interface PathStep {
  readonly name: string;
  readonly share: number;
}

/** The hot path of every pool, from the pool with the most weight. */
export function hotPathsOf(profile: Profile, { threads }: ProfileSet): readonly HotPath[] {
  const weights = new Map<string, number>();
  for (let sample = 0; sample < profile.sampleStack.length; sample++) {
    const pool = threads[profile.sampleThread?.[sample] ?? -1]?.pool ?? "all threads";
    weights.set(pool, (weights.get(pool) ?? 0) + profile.sampleWeight[sample]!);
  }
  return [...weights]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, hotThresholds.rows.pools)
    .map(([pool]) => {
      const isOfPool = pool === "all threads" ? {} : { isThread: (thread: { pool: string }) => thread.pool === pool };
      return hotPathOf(pool, callTree(selectSamples(profile, isOfPool, threads)), profile.stacks.frameNames);
    });
}

function hotPathOf(pool: string, tree: CallTree, names: readonly string[]): HotPath {
  const all = tree.totalWeight[0]!;
  const steps: PathStep[] = [];
  for (let node = 0; tree.firstChild[node]! < tree.firstChild[node + 1]!; ) {
    const heaviest = tree.firstChild[node]!;
    if (tree.totalWeight[heaviest]! < limits.pathStepShare * tree.totalWeight[node]!) break;
    steps.push({ name: names[tree.frame[heaviest]!]!, share: tree.totalWeight[heaviest]! / Math.max(all, 1e-12) });
    node = heaviest;
  }
  return { pool, weight: all, count: tree.totalCount[0]!, steps };
}

/** `run → serve → append`: names of a path's frames of the application, the last ones. */
export function pathText(steps: readonly PathStep[], length: number): string {
  const own = steps.filter(({ name }) => !isGlue(name));
  const shown = own.length > 0 ? own : steps;
  return shown
    .slice(-length)
    .map(({ name }) => shortFrameName(name))
    .join(" → ");
}

/** Without what the recorder and the JVM do; samples of unknown threads stay. */
function ofApplication(profile: Profile, { threads }: ProfileSet): Profile {
  const isService = threads.map(isServiceThread);
  const rows = [...profile.sampleStack.keys()].filter((row) => isService[profile.sampleThread?.[row] ?? -1] !== true);
  return rows.length === profile.sampleStack.length ? profile : rowsOf(profile, Int32Array.from(rows));
}

/** `cpu/hot-path`: work that no single method stands for, told by the last frame that most of it has in common. */
export function hotPathFindings(profile: Profile, set: ProfileSet, hotMethods: readonly Finding[]): readonly Finding[] {
  if (hotMethods.some(({ severity }) => severity !== "info")) return [];
  const tree = callTree(ofApplication(profile, set));
  const path = hotPathOf("all threads", tree, profile.stacks.frameNames);
  const common = path.steps.filter(
    ({ name, share }) => share >= limits.pathShare && !isGlue(name) && !/\.(run|main)$/.test(name),
  );
  const last = common.at(-1);
  if (last === undefined) return [];
  const part = { weight: last.share * path.weight, count: last.share * path.count };
  const threads = busyThreads(profile, part, set.durationSeconds);
  const isKnown = path.count >= limits.samples && shareInterval(part.count, path.count).low >= limits.infoShare;
  if (!isKnown || threads === undefined || threads < limits.warningThreads) return [];
  return [
    {
      rule: "cpu/hot-path",
      key: `cpu/hot-path:${stableFrameName(last.name)}`,
      severity: "info",
      score: scoreOfThreads(threads),
      title: `${formatPercent(last.share)} of the processor time passes through \`${shortFrameName(last.name)}\`, ${formatCount(threads, 1)} threads on average`,
      impact: { value: last.share, unit: "ratio" },
      evidence: [
        told("by way of", pathText(common, 5), profile.event),
        told("samples", `${formatCount(Math.round(part.count))} of ${formatCount(path.count)}`, profile.event),
      ],
      advice: `No single method stands out below \`${shortFrameName(last.name)}\`: look at its flame graph for what could be left out.`,
      docs: "rules/cpu-hot-path.md",
    },
  ];
}
