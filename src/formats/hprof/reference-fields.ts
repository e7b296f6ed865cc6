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
    first[index] = offsets.length;
    let offset = 0;
    for (const { name, fields } of lineage(classes, index)) {
      strength[index] ||= strengthByName[name] ?? 0;
      for (const field of fields) {
        if (field.type === "object") offsets.push(offset);
        if (field.name === "referent" && name === "java.lang.ref.Reference") referent[index] = offset;
        offset += fieldBytes(field.type, idBytes);
      }
    }
    if (refs === "mat" || strength[index] === 0) referent[index] = -1;
  }
  first[classes.length] = offsets.length;
  const classEdge = Int32Array.from(classes, ({ ordinal, kind }) =>
    kind === "primitiveArray" || rootOrdinals.has(ordinal) ? 0 : ordinal,
  );
  return { first, offsets: Int32Array.from(offsets), referent, strength, classEdge };
}

/** A class and its superclasses; ends where a damaged hierarchy closes on itself. */
export function lineage(classes: readonly HeapClass[], index: number): HeapClass[] {
  const line: HeapClass[] = [];
  for (let at = index; at >= 0 && line.length < 1000; at = classes[at]!.superclass) line.push(classes[at]!);
  return line;
}
