import type { CollectorName } from "../../model/target.ts";
import type { Bytes } from "../../model/units.ts";
import type { HeapArea, HeapInfo } from "./heap-info.ts";

/** A part of the heap, as its MXBean is named. */
export interface HeapPoolUse {
  readonly name: string;
  readonly usedBytes: Bytes;
  /** Undefined where the text tells it only of the whole heap. */
  readonly committedBytes: Bytes | undefined;
}

type PoolNames = readonly [eden: string, survivor: string, old: string];

const poolNames: Partial<Record<CollectorName, PoolNames>> = {
  Serial: ["Eden Space", "Survivor Space", "Tenured Gen"],
  Parallel: ["PS Eden Space", "PS Survivor Space", "PS Old Gen"],
  G1: ["G1 Eden Space", "G1 Survivor Space", "G1 Old Gen"],
};

/** The pools of a printed heap, the old generation last; none where the text tells only of the heap as a whole. */
export function heapPoolsIn(heap: HeapInfo): readonly HeapPoolUse[] {
  const names = heap.collector && poolNames[heap.collector];
  if (names === undefined) return [];
  return heap.collector === "G1" ? regionPools(heap, names) : spacePools(heap, names);
}

function spacePools({ areas }: HeapInfo, [eden, survivor, old]: PoolNames): readonly HeapPoolUse[] {
  const [young, tenured] = areas;
  if (young === undefined || tenured === undefined) return [];
  const from = spaceOf(young, "from");
  const to = spaceOf(young, "to");
  const edenSpace = spaceOf(young, "eden");
  return [
    { name: eden, usedBytes: edenSpace.usedBytes, committedBytes: edenSpace.capacityBytes },
    { name: survivor, usedBytes: from.usedBytes + to.usedBytes, committedBytes: from.capacityBytes },
    { name: old, usedBytes: tenured.usedBytes, committedBytes: tenured.committedBytes },
  ];
}

/** G1 prints the heap as a whole, and how many of its regions are young and, of these, survivors. */
function regionPools(heap: HeapInfo, [eden, survivor, old]: PoolNames): readonly HeapPoolUse[] {
  const { regionBytes, youngRegions, survivorRegions, usedBytes } = heap;
  if (regionBytes === undefined || youngRegions === undefined || survivorRegions === undefined) return [];
  const committedBytes = undefined;
  return [
    { name: eden, usedBytes: (youngRegions - survivorRegions) * regionBytes, committedBytes },
    { name: survivor, usedBytes: survivorRegions * regionBytes, committedBytes },
    { name: old, usedBytes: Math.max(0, (usedBytes ?? 0) - youngRegions * regionBytes), committedBytes },
  ];
}

function spaceOf(area: HeapArea, name: string): HeapArea["spaces"][number] {
  return area.spaces.find((space) => space.name === name) ?? { name, usedBytes: 0, capacityBytes: 0 };
}
