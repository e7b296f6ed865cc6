import type { Finding } from "../src/model/finding.ts";
import { formatCount, formatPercent } from "../src/model/format-number.ts";
import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { type HeaviestPath, heaviestPaths } from "../src/stacks/heaviest-path.ts";
import { isGlue } from "./call-sites.ts";
import { busyThreads, shareInterval } from "./cpu-profile.ts";
import { shortFrameName, stableFrameName } from "./frame-names.ts";
import { scoreOfThreads, told } from "./hot-wording.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";

const limits = hotThresholds.cpu;

/** The chain of the heaviest callees of one pool. */
interface HotPath {
  readonly pool: string;
  readonly weight: number;
  readonly count: number;
  /** Frames from the root, each with its part of the pool's weight. */
  readonly steps: readonly PathStep[];
}

interface PathStep {
  readonly name: string;
  readonly share: number;
}

/** The hot path of every pool, from the pool with the most weight. */
export function hotPathsOf(profile: Profile, { threads }: ProfileSet): readonly HotPath[] {
  const pools = [...new Set(threads.map(({ pool }) => pool)), "unknown threads"];
  const indexOfPool = new Map(pools.map((pool, index) => [pool, index]));
  const poolOfThread = threads.map(({ pool }) => indexOfPool.get(pool)!);
  const unknown = pools.length - 1;
  const poolOf = (sample: number) => poolOfThread[profile.sampleThread?.[sample] ?? -1] ?? unknown;
  return [...heaviestPaths(profile, poolOf, limits.pathStepShare)]
    .map(([index, path]) => hotPathOf(pools[index]!, path, profile))
    .sort((a, b) => b.weight - a.weight || (a.pool < b.pool ? -1 : 1))
    .slice(0, hotThresholds.rows.pools);
}

function hotPathOf(pool: string, { weight, count, steps }: HeaviestPath, { stacks }: Profile): HotPath {
  return {
    pool,
    weight,
    count,
    steps: steps.map((step) => ({
      name: stacks.frameNames[stacks.stackFrame[step.stack]!]!,
      share: step.weight / Math.max(weight, 1e-12),
    })),
  };
}

/** `run → serve → append`: names of a path's frames of the application, the last ones. */
export function pathText(steps: readonly PathStep[], length: number): string {
  const own = steps.filter(({ name }) => !isGlue(name));
  const shown = own.length > 0 ? own : steps;
  return shown
    .map(({ name }) => shortFrameName(name))
    .filter((name, index, names) => name !== names[index - 1])
    .slice(-length)
    .join(" → ");
}

/** Of all threads but those of the recorder and the JVM; samples of unknown threads stay. */
function commonPathOf(profile: Profile, { threads }: ProfileSet): HotPath | undefined {
  const isService = threads.map(isServiceThread);
  const groupOf = (sample: number) => (isService[profile.sampleThread?.[sample] ?? -1] === true ? -1 : 0);
  const path = heaviestPaths(profile, groupOf, limits.pathStepShare).get(0);
  return path && hotPathOf("all threads", path, profile);
}

/** `cpu/hot-path`: work that no single method stands for, told by the last frame that most of it has in common. */
export function hotPathFindings(profile: Profile, set: ProfileSet, hotMethods: readonly Finding[]): readonly Finding[] {
  if (hotMethods.some(({ severity }) => severity !== "info")) return [];
  const path = commonPathOf(profile, set);
  if (path === undefined) return [];
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
      docs: "rules/cpu.md",
    },
  ];
}
