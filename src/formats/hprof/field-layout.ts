import type { ValueType } from "../../model/heap-classes.ts";

/** How a JVM lays out objects. */
export interface LayoutRules {
  /** Bytes before the first field: mark word and class pointer. */
  readonly headerBytes: number;
  readonly referenceBytes: number;
  /** `modern`: JDK 15 and later fill holes that superclasses left; `legacy`: earlier ones do not. */
  readonly generation: "modern" | "legacy";
}

/** The fields of one class and its superclasses: where they end (unaligned) and which holes they leave. */
export interface Layout {
  readonly endBytes: number;
  /** Pairs of offset and size. */
  readonly holes: readonly (readonly [number, number])[];
}

/** Bytes that a field of each type takes in an object. */
export function fieldBytes(type: ValueType, referenceBytes: number): number {
  return type === "object" ? referenceBytes : valueBytes[type];
}

const valueBytes = { boolean: 1, byte: 1, char: 2, short: 2, int: 4, float: 4, long: 8, double: 8 } as const;

/** Where the fields of `java.lang.Object`'s direct subclasses start. */
export function emptyLayout(rules: LayoutRules): Layout {
  return { endBytes: rules.headerBytes, holes: [] };
}

/** Adds a class's own fields behind (and, since JDK 15, between) those of its superclass. */
export function layOut(rules: LayoutRules, superclass: Layout, types: readonly ValueType[]): Layout {
  if (types.length === 0) return superclass;
  return rules.generation === "modern"
    ? layOutModern(rules, superclass, types)
    : layOutLegacy(rules, superclass, types);
}

/** Rounds up to a multiple of `alignment`, a power of two. */
export function alignUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** Source: `FieldLayoutBuilder::compute_regular_layout` and `FieldLayout::add` (fieldLayoutBuilder.cpp). */
function layOutModern(rules: LayoutRules, superclass: Layout, types: readonly ValueType[]): Layout {
  const holes = superclass.holes.map(([offset, size]) => ({ offset, size }));
  let endBytes = superclass.endBytes;
  for (const size of sizesInModernOrder(types, rules.referenceBytes)) {
    let best: { offset: number; size: number } | undefined;
    for (const hole of holes) {
      const lost = alignUp(hole.offset, size) - hole.offset;
      if (hole.size - lost >= size && (best === undefined || hole.size < best.size)) best = hole;
    }
    if (best === undefined) {
      const start = alignUp(endBytes, size);
      if (start > endBytes) holes.push({ offset: endBytes, size: start - endBytes });
      endBytes = start + size;
      continue;
    }
    const start = alignUp(best.offset, size);
    const rest = best.offset + best.size - start - size;
    best.size = start - best.offset;
    if (rest > 0) holes.push({ offset: start + size, size: rest });
  }
  return { endBytes, holes: holes.filter(({ size }) => size > 0).map(({ offset, size }) => [offset, size] as const) };
}

/** Primitive fields from the largest to the smallest, then references. */
function sizesInModernOrder(types: readonly ValueType[], referenceBytes: number): number[] {
  const primitives = types.filter((type) => type !== "object").map((type) => fieldBytes(type, referenceBytes));
  const references = types.filter((type) => type === "object").map(() => referenceBytes);
  return [...primitives.sort((a, b) => b - a), ...references];
}

/** Source: `ClassFileParser::layout_fields`, allocation style 1 with CompactFields (classFileParser.cpp before JDK 15). */
function layOutLegacy(rules: LayoutRules, superclass: Layout, types: readonly ValueType[]): Layout {
  const { referenceBytes } = rules;
  const count = (bytes: number) =>
    types.filter((type) => type !== "object" && fieldBytes(type, referenceBytes) === bytes).length;
  const left = {
    8: count(8),
    4: count(4),
    2: count(2),
    1: count(1),
    references: types.filter((type) => type === "object").length,
  };
  let offset = superclass.endBytes;
  if (left[8] > 0) {
    let gap = alignUp(offset, 8) - offset;
    offset += gap;
    for (const size of [4, 2, 1] as const) {
      for (; gap >= size && left[size] > 0; left[size]--) gap -= size;
    }
    for (; gap >= referenceBytes && left.references > 0; left.references--) gap -= referenceBytes;
  }
  offset += left[8] * 8 + left[4] * 4 + left[2] * 2 + left[1];
  if (left.references > 0) offset = alignUp(offset, referenceBytes) + left.references * referenceBytes;
  return { endBytes: alignUp(offset, referenceBytes), holes: [] };
}
