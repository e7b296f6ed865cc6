import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import type { HoldingStep, SuspectContents } from "./suspect-contents.ts";
import type { Suspect } from "./suspect-search.ts";

/** A suspect with what was found in it, before references have names. */
export interface Draft {
  readonly suspect: Suspect;
  readonly contents: SuspectContents;
  readonly holdings: readonly HoldingStep[];
  /** From the end of the path to one of the entries, when that is known. */
  readonly toEntry: { readonly from: number; readonly to: number } | undefined;
}

/** Why each object of the draft holds the next. */
export interface DraftLabels {
  readonly path: readonly EdgeLabel[];
  readonly examples: readonly (readonly EdgeLabel[])[];
  readonly toEntry: EdgeLabel | undefined;
  readonly holdings: readonly EdgeLabel[];
}

/** All labels of all suspects in one call. */
export function readLabels(heap: HeapEvidence, drafts: readonly Draft[]): DraftLabels[] {
  const pairs = drafts.flatMap(({ suspect, toEntry, holdings }) => [
    ...pairsOf(suspect.path),
    ...examplesOf(suspect).flatMap(pairsOf),
    ...(toEntry === undefined ? [] : [toEntry]),
    ...holdings,
  ]);
  const labels = heap.objects.labels(
    pairs.map(({ from }) => from),
    pairs.map(({ to }) => to),
  );
  let next = 0;
  const take = (count: number) => {
    next += count;
    return labels.slice(next - count, next);
  };
  return drafts.map(({ suspect, toEntry, holdings }) => ({
    path: take(Math.max(0, suspect.path.length - 1)),
    examples: examplesOf(suspect).map(({ length }) => take(length - 1)),
    toEntry: take(toEntry === undefined ? 0 : 1)[0],
    holdings: take(holdings.length),
  }));
}

function pairsOf(path: readonly number[]): { from: number; to: number }[] {
  return path.slice(1).map((to, i) => ({ from: path[i]!, to }));
}

/** Paths to single members of a group that has no path in common. */
export function examplesOf(suspect: Suspect): readonly (readonly number[])[] {
  return suspect.kind === "group" ? suspect.examples : [];
}
