import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { retainedBytesOf, targetsOf } from "./heap-lookup.ts";

/** How entries typically hold what they hold: the class of the biggest object that only the entry holds, then what that holds, and so on. */
export interface HoldingStep {
  /** One pair that shows the reference. */
  readonly from: number;
  readonly to: number;
  readonly className: string;
  /** Of what the sampled entries retain. */
  readonly share: number;
}

/** Follows the biggest privately held class from a sample of entries, while it makes up most of what they retain. */
export function typicalHoldings(heap: HeapEvidence, sample: readonly number[]): HoldingStep[] {
  const total = sample.reduce((bytes, ordinal) => bytes + ownRetainedOf(heap, ordinal), 0);
  const steps: HoldingStep[] = [];
  for (let holders = sample; steps.length < 8; ) {
    const next = biggestHeld(heap, holders);
    if (next === undefined || total === 0 || next.bytes / total < 0.25) break;
    steps.push({
      from: next.pairs[0]!.from,
      to: next.pairs[0]!.to,
      className: next.className,
      share: Math.min(1, next.bytes / total),
    });
    holders = next.pairs.map(({ to }) => to);
  }
  return steps;
}

/** An entry of a chain retains the entries after it too: leave those out. */
function ownRetainedOf(heap: HeapEvidence, ordinal: number): Bytes {
  const { dominatorOf } = heap.dominators;
  const { classOf } = heap.graph;
  const chained = new Set(
    targetsOf(heap.graph, ordinal, 1000).filter(
      (to) => dominatorOf[to] === ordinal && classOf[to] === classOf[ordinal],
    ),
  );
  return [...chained].reduce((bytes, next) => bytes - retainedBytesOf(heap, next), retainedBytesOf(heap, ordinal));
}

function biggestHeld(heap: HeapEvidence, holders: readonly number[]) {
  const byClass = new Map<number, { bytes: Bytes; readonly pairs: { from: number; to: number }[] }>();
  for (const from of holders) {
    for (const to of new Set(targetsOf(heap.graph, from, 1000))) {
      const classIndex = heap.graph.classOf[to]!;
      if (heap.dominators.dominatorOf[to] !== from || classIndex === heap.graph.classOf[from]) continue;
      const held = byClass.get(classIndex) ?? { bytes: 0, pairs: [] };
      held.bytes += retainedBytesOf(heap, to);
      held.pairs.push({ from, to });
      byClass.set(classIndex, held);
    }
  }
  const [biggest] = [...byClass].sort((a, b) => b[1].bytes - a[1].bytes || a[0] - b[0]);
  return biggest && { className: heap.classes[biggest[0]]!.name, ...biggest[1] };
}
