import type { HeapClass } from "../../model/heap-classes.ts";
import { strengths } from "../../model/heap-graph.ts";
import { fieldBytes } from "./field-layout.ts";
import type { ReferenceFields } from "./link-chunks.ts";

const strengthByName: Readonly<Record<string, number>> = {
  "java.lang.ref.SoftReference": strengths.indexOf("soft"),
  "java.lang.ref.WeakReference": strengths.indexOf("weak"),
  "java.lang.ref.FinalReference": strengths.indexOf("finalizer"),
  "java.lang.ref.PhantomReference": strengths.indexOf("phantom"),
};

/**
 * Which bytes of each class's instances are references, with `Reference.referent` apart unless `refs` is `mat`
 * (Eclipse MAT follows it like any other field).
 */
export function referenceFields(
  classes: readonly HeapClass[],
  idBytes: number,
  rootOrdinals: ReadonlySet<number>,
  refs: "strong" | "mat",
): ReferenceFields {
  const first = new Int32Array(classes.length + 1);
  const offsets: number[] = [];
  const referent = new Int32Array(classes.length).fill(-1);
  const strength = new Uint8Array(classes.length);
  for (const { index } of classes) {
    const line = lineage(classes, index);
    const fields = placedReferences(line, idBytes);
    first[index] = offsets.length;
    for (const { offset } of fields) offsets.push(offset);
    strength[index] = line.map(({ name }) => strengthByName[name] ?? 0).find((found) => found > 0) ?? 0;
    if (refs === "strong" && strength[index]! > 0)
      referent[index] = fields.find(({ isReferent }) => isReferent)?.offset ?? -1;
  }
  first[classes.length] = offsets.length;
  const classEdge = Int32Array.from(classes, ({ ordinal, kind }) =>
    kind === "primitiveArray" || rootOrdinals.has(ordinal) ? 0 : ordinal,
  );
  return { first, offsets: Int32Array.from(offsets), referent, strength, classEdge };
}

/** Offsets of the reference fields in an instance's data: own fields first, then each superclass's. */
function placedReferences(line: readonly HeapClass[], idBytes: number): { offset: number; isReferent: boolean }[] {
  const placed: { offset: number; isReferent: boolean }[] = [];
  let offset = 0;
  for (const { name, fields } of line) {
    for (const field of fields) {
      const isReferent = field.name === "referent" && name === "java.lang.ref.Reference";
      if (field.type === "object") placed.push({ offset, isReferent });
      offset += fieldBytes(field.type, idBytes);
    }
  }
  return placed;
}

/** A class and its superclasses; ends where a damaged hierarchy closes on itself. */
export function lineage(classes: readonly HeapClass[], index: number): HeapClass[] {
  const line: HeapClass[] = [];
  for (let at = index; at >= 0 && line.length < 1000; at = classes[at]!.superclass) line.push(classes[at]!);
  return line;
}
