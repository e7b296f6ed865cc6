import type { FindingEvidence } from "../src/model/finding.ts";
import type { Collection } from "./gc-collections.ts";
import type { GcHistory } from "./gc-history.ts";
import { quantile } from "./intervals.ts";
import { fact } from "./judgement.ts";

/** What the heap holds after collections, against what it may hold. */
export interface Headroom {
  /** Least that was used after a collection of the later half: what is live is not more. */
  readonly liveBytes: number;
  readonly maxBytes: number;
  readonly ratio: number;
  readonly collections: number;
}

/** The live set at most, and the limit; undefined when the history has too little of either. */
export function headroomOf({ maxHeapBytes: maxBytes, collections }: GcHistory): Headroom | undefined {
  const after = usedAfterCollections(collections);
  const later = after.slice(after.length >> 1).sort((a, b) => a - b);
  if (maxBytes === undefined || later.length === 0) return undefined;
  // Not the very least: one collection that finds the program idle says little of its load.
  const liveBytes = quantile(later, 0.1);
  return { liveBytes, maxBytes, ratio: liveBytes / maxBytes, collections: after.length };
}

/** The same as evidence of a finding. */
export function headroomFacts(history: GcHistory): FindingEvidence[] {
  const headroom = headroomOf(history);
  if (headroom === undefined) return [];
  return [
    fact("left after collections", headroom.liveBytes, "bytes", history.sources.heap),
    fact("maximum heap", headroom.maxBytes, "bytes", history.sources.maxHeap),
  ];
}

function usedAfterCollections(collections: readonly Collection[]): number[] {
  return collections.map(({ usedAfter }) => usedAfter).filter(Number.isFinite);
}
