import { addOrdinal, createOrdinalSet, hasOrdinal, type OrdinalSet } from "../src/graph/ordinal-set.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import { shallowBytesOf } from "../src/model/heap-graph.ts";
import type { Bytes } from "../src/model/units.ts";
import { retainedBytesOf, targetsOf } from "./heap-lookup.ts";
import { thresholds } from "./thresholds.ts";

/** Objects of one class below a suspect. */
export interface HeldClass {
  readonly className: string;
  readonly objects: number;
  readonly shallowBytes: Bytes;
}

/** Many objects of one class that hang on the suspect alike: the entries of its collection, or the members of the group. */
export interface Entries {
  readonly classIndex: number;
  readonly className: string;
  readonly count: number;
  /** What all of them retain. */
  readonly retainedBytes: Bytes;
  /** Those that are right below the suspect and not below another entry, as a list's or tree's are: how many, and the first. */
  readonly topCount: number;
  readonly firstTop: number;
  /** Some of them, evenly chosen. */
  readonly sample: readonly number[];
}

/** What hangs on the accumulation point of a suspect. */
export interface SuspectContents {
  /** By shallow bytes, the accumulation point itself left out. */
  readonly classes: readonly HeldClass[];
  readonly entries: Entries | undefined;
  /** Primitive arrays below the suspect, or the suspect itself when it is one. */
  readonly flatArrays: { readonly count: number; readonly bytes: Bytes };
}

/**
 * Looks into up to 250 suspects, each an accumulation point or the members of a group, in one pass over the objects: each walks up its dominators until it meets one that is known
 * to be inside or outside, so every object is passed twice at most. One byte per object.
 */
export function suspectContentsOf(heap: HeapEvidence, suspects: readonly ArrayLike<number>[]): SuspectContents[] {
  const { objectCount } = heap.graph;
  const points = createOrdinalSet(objectCount);
  const marks = new Uint8Array(objectCount + 1);
  marks[0] = outside;
  suspects.forEach((members, suspect) => {
    for (let i = 0; i < members.length; i++) {
      addOrdinal(points, members[i]!);
      marks[members[i]!] = firstMark + suspect;
    }
  });
  const tally = new Tally(heap, suspects.length, points);
  const { dominatorOf } = heap.dominators;
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    if (dominatorOf[ordinal]! < 0) continue;
    const mark = markOf(ordinal, dominatorOf, marks);
    if (mark >= firstMark && !hasOrdinal(points, ordinal)) tally.add(mark - firstMark, ordinal);
  }
  return suspects.map((members, suspect) => tally.contentsOf(suspect, members));
}

const outside = 1;
const firstMark = 2;

function markOf(ordinal: number, dominatorOf: Int32Array, marks: Uint8Array): number {
  let known = ordinal;
  while (marks[known] === 0) known = dominatorOf[known]!;
  const mark = marks[known]!;
  for (let each = ordinal; each !== known; each = dominatorOf[each]!) marks[each] = mark;
  return mark;
}

/** Counts by suspect and class: all objects below, those right below, and those that continue a chain or tree of their own class. */
class Tally {
  readonly #heap: HeapEvidence;
  readonly #points: OrdinalSet;
  readonly #classCount: number;
  readonly #objects: Float64Array;
  readonly #bytes: Float64Array;
  readonly #entryCount: Float64Array;
  readonly #entryBytes: Float64Array;
  readonly #topCount: Float64Array;
  readonly #firstTop: Float64Array;
  readonly #samples = new Map<number, EvenSample>();

  constructor(heap: HeapEvidence, suspectCount: number, points: OrdinalSet) {
    this.#heap = heap;
    this.#points = points;
    this.#classCount = heap.classes.length;
    const cells = suspectCount * this.#classCount;
    this.#objects = new Float64Array(cells);
    this.#bytes = new Float64Array(cells);
    this.#entryCount = new Float64Array(cells);
    this.#entryBytes = new Float64Array(cells);
    this.#topCount = new Float64Array(cells);
    this.#firstTop = new Float64Array(cells);
  }

  add(suspect: number, ordinal: number): void {
    const { graph, dominators } = this.#heap;
    const classIndex = graph.classOf[ordinal]!;
    const cell = suspect * this.#classCount + classIndex;
    this.#objects[cell]!++;
    this.#bytes[cell]! += shallowBytesOf(graph, ordinal);
    const dominator = dominators.dominatorOf[ordinal]!;
    const isBelowPoint = hasOrdinal(this.#points, dominator);
    if (!isBelowPoint && graph.classOf[dominator] !== classIndex) return;
    this.#entryCount[cell]!++;
    if (isBelowPoint) {
      this.#entryBytes[cell]! += retainedBytesOf(this.#heap, ordinal);
      if (this.#topCount[cell]!++ === 0) this.#firstTop[cell] = ordinal;
    }
    this.#sampleOf(cell).add(ordinal);
  }

  #sampleOf(cell: number): EvenSample {
    const known = this.#samples.get(cell);
    if (known !== undefined) return known;
    const sample = new EvenSample(thresholds.suspects.sampledEntries);
    this.#samples.set(cell, sample);
    return sample;
  }

  contentsOf(suspect: number, members: ArrayLike<number>): SuspectContents {
    const first = suspect * this.#classCount;
    const present = this.#heap.classes.filter(({ index }) => this.#objects[first + index]! > 0);
    const classes = present
      .map(({ index, name }) => ({
        className: name,
        objects: this.#objects[first + index]!,
        shallowBytes: this.#bytes[first + index]!,
      }))
      .sort((a, b) => b.shallowBytes - a.shallowBytes || (a.className < b.className ? -1 : 1));
    const flat = present.filter(({ kind }) => kind === "primitiveArray").map(({ index }) => first + index);
    const own =
      this.#heap.classes[this.#heap.graph.classOf[members[0] ?? 0]!]?.kind === "primitiveArray"
        ? Array.from(members)
        : [];
    return {
      classes,
      entries: this.#entriesOf(first),
      flatArrays: {
        count: flat.reduce((count, cell) => count + this.#objects[cell]!, own.length),
        bytes:
          flat.reduce((bytes, cell) => bytes + this.#bytes[cell]!, 0) +
          own.reduce((bytes, each) => bytes + shallowBytesOf(this.#heap.graph, each), 0),
      },
    };
  }

  /** The class whose objects right below the point retain most. */
  #entriesOf(first: number): Entries | undefined {
    let best = -1;
    for (let index = 0; index < this.#classCount; index++) {
      const bytes = this.#entryBytes[first + index]!;
      if (bytes > 0 && (best < 0 || bytes > this.#entryBytes[first + best]!)) best = index;
    }
    if (best < 0) return undefined;
    return {
      classIndex: best,
      className: this.#heap.classes[best]!.name,
      count: this.#entryCount[first + best]!,
      retainedBytes: this.#entryBytes[first + best]!,
      topCount: this.#topCount[first + best]!,
      firstTop: this.#firstTop[first + best]!,
      sample: this.#samples.get(first + best)?.ordinals ?? [],
    };
  }
}

/** Every n-th of a sequence of unknown length, with n as small as the room allows: no randomness, the same sample every time. */
class EvenSample {
  readonly #room: number;
  #stride = 1;
  #seen = 0;
  #ordinals: number[] = [];

  constructor(room: number) {
    this.#room = room;
  }

  get ordinals(): readonly number[] {
    return this.#ordinals;
  }

  add(ordinal: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.#ordinals.length === this.#room) {
      this.#ordinals = this.#ordinals.filter((_, i) => i % 2 === 0);
      this.#stride *= 2;
      if ((this.#seen - 1) % this.#stride !== 0) return;
    }
    this.#ordinals.push(ordinal);
  }
}

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
    if (next === undefined || total === 0 || next.bytes / total < 0.4) break;
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
