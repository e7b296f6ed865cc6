import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { classOf, retainedBytesOf } from "./heap-lookup.ts";
import type { Holder } from "./reference-path.ts";
import { isWrapperClass } from "./suspect-judgement.ts";
import type { GroupSuspect, Suspect } from "./suspect-search.ts";

/** The object that a finding names, and what it or its group retains. */
export interface SuspectName {
  readonly named: number;
  /** False for a group of which no one object can be named. */
  readonly isNamedAlone: boolean;
  readonly retainedBytes: Bytes;
}

/** What the holder refers to, where it dominates the accumulation point; of a group the collection that its members are the nodes of. */
export function nameOf(heap: HeapEvidence, suspect: Suspect, holder: Holder | undefined): SuspectName {
  if (suspect.kind === "single") {
    const named = namedOf(heap, suspect.path, holder?.heldIndex ?? 0, suspect.accumulationPoint);
    return { named, isNamedAlone: true, retainedBytes: retainedBytesOf(heap, named) };
  }
  const collection = collectionOf(heap, suspect, holder);
  return {
    named: collection ?? suspect.members[0]!,
    isNamedAlone: collection !== undefined,
    retainedBytes: suspect.retainedBytes,
  };
}

/** The first object on the path from the holder's on that dominates the accumulation point. */
function namedOf(heap: HeapEvidence, path: readonly number[], heldIndex: number, point: number): number {
  const { dominatorOf } = heap.dominators;
  const dominators = new Set<number>();
  for (let each = point; each > 0; each = dominatorOf[each]!) dominators.add(each);
  return path.slice(heldIndex).find((ordinal) => dominators.has(ordinal)) ?? point;
}

/** What the holder refers to, when the members are the nodes that it is made of. */
function collectionOf(heap: HeapEvidence, suspect: GroupSuspect, holder: Holder | undefined): number | undefined {
  if (holder === undefined || suspect.path.length === 0) return undefined;
  if (!isWrapperClass(heap.classes[suspect.classIndex]!.name)) return undefined;
  return suspect.path.slice(holder.heldIndex).find((ordinal) => classOf(heap, ordinal).kind === "instance");
}
