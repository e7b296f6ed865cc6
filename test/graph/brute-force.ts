import { strengths } from "../../src/model/heap-graph.ts";
import type { PlainHeap } from "./drawn-graph.ts";

/** What can be reached from the super-root without ever entering `without`. */
function reachableWithout({ targets }: PlainHeap, without = -1): Set<number> {
  const reached = new Set([0]);
  for (const ordinal of reached) {
    for (const target of targets[ordinal]!) if (target !== without) reached.add(target);
  }
  return reached;
}

/** By the definition: a dominates b when b cannot be reached without a. The immediate one is what all others dominate. −1: unreachable. */
export function dominatorsByDefinition(heap: PlainHeap): { dominatorOf: number[]; retainedBytes: number[] } {
  const all = heap.targets.map((_, ordinal) => ordinal);
  const reachable = reachableWithout(heap);
  const dominated = all.map((ordinal) => {
    if (ordinal === 0) return new Set(reachable);
    if (!reachable.has(ordinal)) return new Set<number>();
    const rest = reachableWithout(heap, ordinal);
    return new Set([...reachable].filter((each) => !rest.has(each)));
  });
  const dominatorOf = all.map((ordinal) => {
    if (ordinal === 0) return 0;
    if (!reachable.has(ordinal)) return -1;
    const proper = all.filter((each) => each !== ordinal && dominated[each]!.has(ordinal));
    return proper.reduce((nearest, each) => (dominated[each]!.size < dominated[nearest]!.size ? each : nearest));
  });
  const bytesOf = (ordinal: number): number => (ordinal === 0 ? 0 : (heap.bytes?.[ordinal] ?? 16));
  return {
    dominatorOf,
    retainedBytes: dominated.map((each) => [...each].reduce((sum, ordinal) => sum + bytesOf(ordinal), 0)),
  };
}

/** References from the roots to each object, −1 when it cannot be reached; `avoided` objects are passed through by no path. */
export function distances({ targets }: PlainHeap, avoided: ReadonlySet<number> = new Set()): number[] {
  const distance = targets.map(() => -1);
  distance[0] = 0;
  const queue = [0];
  for (const ordinal of queue) {
    for (const target of targets[ordinal]!) {
      if (distance[target]! >= 0 || avoided.has(target)) continue;
      distance[target] = distance[ordinal]! + 1;
      queue.push(target);
    }
  }
  return distance;
}

/** Index in `strengths` by which each object is reached at best (the weakest link of the strongest way), 5 for unreachable ones; to a fixed point. */
export function levelsByDefinition(heap: PlainHeap): number[] {
  const level = heap.targets.map((): number => strengths.length);
  level[0] = 0;
  let isChanging = true;
  const improve = (ordinal: number, found: number): void => {
    if (found >= level[ordinal]!) return;
    level[ordinal] = found;
    isChanging = true;
  };
  while (isChanging) {
    isChanging = false;
    heap.targets.forEach((targets, from) => {
      for (const target of targets) improve(target, level[from]!);
    });
    for (const { from, to, strength } of heap.weak ?? []) {
      if (level[from]! < strengths.length) improve(to, Math.max(level[from]!, strengths.indexOf(strength)));
    }
  }
  return level;
}
