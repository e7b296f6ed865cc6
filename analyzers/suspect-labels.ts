import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import { classOf } from "./heap-lookup.ts";
import type { SuspectContents } from "./suspect-contents.ts";
import type { Suspect } from "./suspect-search.ts";
import type { HoldingStep } from "./typical-holdings.ts";

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

const anyElement: EdgeLabel = { kind: "element", text: "[*]" };

/** All labels of all suspects in one call. */
export function readLabels(heap: HeapEvidence, drafts: readonly Draft[]): DraftLabels[] {
  // Finding the index in a table of millions takes a scan of it, and which element it is does not matter.
  const isReadable = (pair: Draft["toEntry"]): pair is { from: number; to: number } =>
    pair !== undefined && classOf(heap, pair.from).kind !== "objectArray";
  const pairs = drafts.flatMap(({ suspect, toEntry, holdings }) => [
    ...pairsOf(suspect.path),
    ...examplesOf(suspect).flatMap(pairsOf),
    ...(isReadable(toEntry) ? [toEntry] : []),
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
    toEntry: isReadable(toEntry) ? take(1)[0] : toEntry && anyElement,
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
