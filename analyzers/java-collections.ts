import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { HeapObject } from "../src/model/heap-objects.ts";
import { classOf, fieldOf, referenceOf, targetsOf } from "./heap-lookup.ts";

/** What the JDK's maps and lists are made of. */
const innards =
  /^java\.(lang\.(Object|String)\[\]|util\.(Properties|Hashtable|HashMap|LinkedHashMap|TreeMap|concurrent\.ConcurrentHashMap|concurrent\.CopyOnWriteArrayList|Collections|ImmutableCollections|Arrays|ArrayList|Vector)([$[].*)?)$/;

/** One key and value of a map, as ordinals; 0 for null. */
export interface MapEntry {
  readonly key: number;
  readonly value: number;
}

/** The JDK collections at `starts`, or that the objects there hold, with all that they are made of, at most `limit`: what to read to know their entries. */
export function collectionInnards(heap: HeapEvidence, starts: readonly number[], limit: number): number[] {
  const found = [...new Set(starts)].filter((ordinal) => ordinal > 0);
  const seen = new Set(found);
  const startCount = found.length;
  for (let i = 0; i < found.length && found.length < limit; i++) {
    if (i >= startCount && !innards.test(classOf(heap, found[i]!).name)) continue;
    for (const target of targetsOf(heap.graph, found[i]!, limit)) {
      if (seen.has(target) || found.length >= limit || !innards.test(classOf(heap, target).name)) continue;
      seen.add(target);
      found.push(target);
    }
  }
  return found;
}

/** Entries of a Properties, Hashtable, HashMap, ConcurrentHashMap, TreeMap or immutable map whose innards were read. */
export function mapEntriesOf(objects: ReadonlyMap<number, HeapObject>, map: number): MapEntry[] {
  const entries: MapEntry[] = [];
  const seen = new Set<number>();
  const pending = [map];
  while (pending.length > 0) {
    const ordinal = pending.pop()!;
    const object = objects.get(ordinal);
    if (object === undefined || seen.has(ordinal)) continue;
    seen.add(ordinal);
    for (const entry of ownEntriesOf(object, objects)) entries.push(entry);
    for (const inside of partsOf(object)) pending.push(inside);
  }
  return entries;
}

/** What may hold more entries, in the order in which they are taken from a stack. */
function partsOf(object: HeapObject): readonly number[] {
  const fields = ["next", "right", "left", "first", "root", "table", "m", "map"].map((name) =>
    referenceOf(object, name),
  );
  return [...fields, ...Array.from(object.references ?? []).reverse()].filter((each) => each > 0);
}

function ownEntriesOf(object: HeapObject, objects: ReadonlyMap<number, HeapObject>): MapEntry[] {
  const names = object.fields.map(({ name }) => name);
  if (names.includes("key") && (names.includes("val") || names.includes("value"))) {
    return [{ key: referenceOf(object, "key"), value: referenceOf(object, "val", "value") }];
  }
  if (names.includes("k0")) return [{ key: referenceOf(object, "k0"), value: referenceOf(object, "v0") }];
  const flat =
    names.includes("table") && names.includes("size") ? objects.get(referenceOf(object, "table")) : undefined;
  if (flat?.references === undefined || flat.references.some((each) => objects.has(each))) return [];
  const entries: MapEntry[] = [];
  for (let i = 0; i + 1 < flat.references.length; i += 2) {
    if (flat.references[i] !== 0) entries.push({ key: flat.references[i]!, value: flat.references[i + 1]! });
  }
  return entries;
}

/** Elements of an ArrayList, Vector, Arrays.asList, immutable or unmodifiable list whose innards were read. */
export function listElementsOf(objects: ReadonlyMap<number, HeapObject>, list: number): number[] {
  const object = objects.get(list);
  if (object === undefined) return [];
  if (object.references !== undefined) return [...object.references].filter((ordinal) => ordinal > 0);
  const inside = referenceOf(object, "elementData", "elements", "a", "array", "list", "c");
  if (inside > 0) {
    const size = fieldOf(object, "size", "elementCount");
    const elements = listElementsOf(objects, inside);
    return size === undefined ? elements : elements.slice(0, Number(size));
  }
  return ["e0", "e1"].map((name) => referenceOf(object, name)).filter((ordinal) => ordinal > 0);
}
