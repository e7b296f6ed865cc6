import type { HeapClass, StaticField } from "../src/model/heap-classes.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import { edgeTargetMask, type HeapGraph } from "../src/model/heap-graph.ts";
import type { HeapObject, HeapValue } from "../src/model/heap-objects.ts";

/** Ordinals that the object refers to strongly; for single objects, not for walks over the heap. */
export function targetsOf({ firstEdge, edgeTo }: HeapGraph, ordinal: number, limit = 1_000_000): number[] {
  const first = firstEdge[ordinal] ?? 0;
  const targets: number[] = [];
  if (first === 0) return targets;
  for (let edge = first; targets.length < limit; edge++) {
    const to = edgeTo[edge]!;
    targets.push(to & edgeTargetMask);
    if (to < 0) break;
  }
  return targets;
}

/** The class of an object. */
export function classOf(heap: HeapEvidence, ordinal: number): HeapClass {
  return heap.classes[heap.graph.classOf[ordinal]!]!;
}

/** Classes with exactly this name, from whichever loaders. */
export function classesNamed(classes: readonly HeapClass[], ...names: readonly string[]): HeapClass[] {
  return classes.filter(({ name }) => names.includes(name));
}

/** The first static field of one of the names in one of the classes. */
export function staticNamed(classes: readonly HeapClass[], ...names: readonly string[]): StaticField | undefined {
  return classes.flatMap(({ statics }) => statics).find(({ name }) => names.includes(name));
}

/** The value of the first field of one of the names, own class before superclasses. */
export function fieldOf(object: HeapObject | undefined, ...names: readonly string[]): HeapValue | undefined {
  return object?.fields.find(({ name }) => names.includes(name))?.value;
}

/** The ordinal that a reference field holds; 0 when it is null, missing or no reference. */
export function referenceOf(object: HeapObject | undefined, ...names: readonly string[]): number {
  const field = object?.fields.find(({ name, type }) => type === "object" && names.includes(name));
  return field === undefined ? 0 : Number(field.value);
}

/** Reads once; the contents by ordinal. */
export function readObjects(heap: HeapEvidence, ordinals: readonly number[]): ReadonlyMap<number, HeapObject> {
  const wanted = [...new Set(ordinals)].filter((ordinal) => ordinal > 0);
  if (wanted.length === 0) return new Map();
  const read = heap.objects.read(wanted);
  return new Map(wanted.flatMap((ordinal, i) => (read[i] === undefined ? [] : [[ordinal, read[i]] as const])));
}

/** Reads once; the texts of java.lang.String objects by ordinal. */
export function readStrings(
  heap: HeapEvidence,
  ordinals: readonly number[],
  maxChars = 1000,
): ReadonlyMap<number, string> {
  const wanted = [...new Set(ordinals)].filter((ordinal) => ordinal > 0);
  if (wanted.length === 0) return new Map();
  const read = heap.objects.strings(wanted, maxChars);
  return new Map(wanted.flatMap((ordinal, i) => (read[i] === undefined ? [] : [[ordinal, read[i]] as const])));
}

/** Bytes that the object retains. */
export function retainedBytesOf(heap: HeapEvidence, ordinal: number): number {
  return heap.dominators.retainedUnits[ordinal]! * 8;
}

/** Bytes of the whole strongly reachable heap. */
export function reachableBytesOf(heap: HeapEvidence): number {
  return retainedBytesOf(heap, 0);
}

/** Instances of the classes that match, ascending, at most `limit`. */
export function instancesOf(
  { graph, classes }: HeapEvidence,
  matches: (heapClass: HeapClass) => boolean,
  limit: number,
): number[] {
  const wanted = Uint8Array.from(classes, (heapClass) => (matches(heapClass) ? 1 : 0));
  const found: number[] = [];
  if (!wanted.includes(1)) return found;
  const { classOf, objectCount } = graph;
  for (let ordinal = 1; ordinal <= objectCount && found.length < limit; ordinal++) {
    if (wanted[classOf[ordinal]!] === 1) found.push(ordinal);
  }
  return found;
}
