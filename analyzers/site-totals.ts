import type { Profile, ProfileThread } from "../src/model/profile.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";
import { callSitesOf, isGlue } from "./call-sites.ts";
import { isServiceThread } from "./thread-roles.ts";

/** What one site of the application costs, with what it called. */
export interface SiteTotal {
  /** Frame of the stack table. */
  readonly frame: number;
  readonly name: string;
  /** Index into `costKinds`: what library code the site spent it in. */
  readonly costKind: number;
  readonly weight: number;
  readonly count: number;
  /** From the largest. */
  readonly pools: readonly Part[];
  readonly labels: readonly Part[];
  readonly leaves: readonly Part[];
  /** Of samples whose leaf is the site itself. */
  readonly lines: readonly Part[];
  readonly heaviestStack: number;
}

export interface Part {
  readonly name: string;
  readonly weight: number;
}

/** A profile by site, from the largest; samples of service threads and without a stack are not in it. */
export interface SiteTotals {
  readonly sites: readonly SiteTotal[];
  /** Of all samples of the application's threads, those without a site too. */
  readonly weight: number;
  readonly count: number;
}

/** Adds samples up by site. */
export function siteTotalsOf(profile: Profile, threads: readonly ProfileThread[]): SiteTotals {
  const sites = callSitesOf(profile.stacks);
  const isLeftOut = threads.map(isServiceThread);
  const gathering = new Map<number, Gathering>();
  let weight = 0;
  let count = 0;
  for (let sample = 0; sample < profile.sampleStack.length; sample++) {
    if (isLeftOut[profile.sampleThread?.[sample] ?? -1] === true) continue;
    weight += profile.sampleWeight[sample]!;
    count += profile.sampleCount[sample]!;
    const stack = profile.sampleStack[sample]!;
    const frame = stack < 0 ? -1 : sites.frame[stack]!;
    if (frame < 0) continue;
    const key = frame * 256 + sites.mark[stack]!;
    const gathered = gathering.get(key) ?? new Gathering(frame, sites.mark[stack]!);
    if (gathered.count === 0) gathering.set(key, gathered);
    gathered.add(profile, sample);
  }
  return { sites: finished(profile, threads, [...gathering.values()]), weight, count };
}

class Gathering {
  readonly frame: number;
  readonly costKind: number;
  weight = 0;
  count = 0;
  readonly byThread = new Map<number, number>();
  readonly byLabel = new Map<number, number>();
  readonly byStack = new Map<number, number>();
  readonly byLine = new Map<number, number>();

  constructor(frame: number, costKind: number) {
    this.frame = frame;
    this.costKind = costKind;
  }

  add(profile: Profile, sample: number): void {
    const weight = profile.sampleWeight[sample]!;
    const stack = profile.sampleStack[sample]!;
    this.weight += weight;
    this.count += profile.sampleCount[sample]!;
    increase(this.byThread, profile.sampleThread?.[sample] ?? -1, weight);
    increase(this.byLabel, profile.sampleLabel?.[sample] ?? -1, weight);
    increase(this.byStack, stack, weight);
    const line = profile.sampleLine?.[sample] ?? 0;
    if (line > 0 && profile.stacks.stackFrame[stack] === this.frame) increase(this.byLine, line, weight);
  }
}

function increase(sums: Map<number, number>, key: number, weight: number): void {
  sums.set(key, (sums.get(key) ?? 0) + weight);
}

function finished(
  { stacks, labels = [] }: Profile,
  threads: readonly ProfileThread[],
  gathered: readonly Gathering[],
): readonly SiteTotal[] {
  return gathered
    .map(({ frame, costKind, weight, count, ...sums }) => ({
      frame,
      name: stacks.frameNames[frame]!,
      costKind,
      weight,
      count,
      pools: partsOf(sums.byThread, (thread) => threads[thread]?.pool),
      labels: partsOf(sums.byLabel, (label) => labels[label]),
      leaves: partsOf(sums.byStack, (stack) => stacks.frameNames[stacks.stackFrame[stack]!]),
      lines: partsOf(sums.byLine, String),
      heaviestStack: [...sums.byStack].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? -1,
    }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1) || a.costKind - b.costKind);
}

/** Sums by name, from the largest; what has no name is left out. */
function partsOf(sums: ReadonlyMap<number, number>, nameOf: (key: number) => string | undefined): readonly Part[] {
  const byName = new Map<string, number>();
  for (const [key, weight] of sums) {
    const name = nameOf(key);
    if (name !== undefined) byName.set(name, (byName.get(name) ?? 0) + weight);
  }
  return [...byName]
    .map(([name, weight]) => ({ name, weight }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
}

/** How execution came to a site: names of the callers that say something, the site last. */
export function pathTo({ stacks }: Profile, stack: number, site: string, steps: number): readonly string[] {
  const names = frameNamesOf(stacks, stack);
  const from = names.indexOf(site);
  return names
    .slice(Math.max(0, from))
    .filter((name, index) => index === 0 || !isGlue(name))
    .filter((name, index, all) => name !== all[index - 1])
    .slice(0, steps)
    .reverse();
}
