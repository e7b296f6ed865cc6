import type { HeapClass } from "../src/model/heap-classes.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { classesNamed, reachableBytesOf, staticNamed } from "./heap-lookup.ts";
import { thresholds } from "./thresholds.ts";

/** The maximum heap size as the JDK's own static fields tell it, with the field. */
export interface HeapLimit {
  readonly bytes: Bytes;
  readonly source: string;
}

/**
 * `VM.directMemory` is `Runtime.maxMemory()` unless -XX:MaxDirectMemorySize was set; `java.nio.Bits` takes it over.
 * A limit below what is reachable cannot be the heap's, so it is none.
 */
export function heapLimitOf(heap: HeapEvidence): HeapLimit | undefined {
  const direct = directLimitOf(heap.classes);
  return direct !== undefined && direct.bytes >= reachableBytesOf(heap) ? direct : undefined;
}

/** How much direct memory `java.nio` may reserve. */
export function directLimitOf(classes: readonly HeapClass[]): HeapLimit | undefined {
  const holders = [
    { name: "java.nio.Bits", fields: ["MAX_MEMORY", "maxMemory"] },
    { name: "jdk.internal.misc.VM", fields: ["directMemory"] },
    { name: "sun.misc.VM", fields: ["directMemory"] },
  ];
  for (const { name, fields } of holders) {
    const field = staticNamed(classesNamed(classes, name), ...fields);
    const bytes = Number(field?.value ?? 0);
    if (field !== undefined && bytes > 0 && bytes < Number.MAX_SAFE_INTEGER)
      return { bytes, source: `static ${name}.${field.name}` };
  }
  return undefined;
}

/** Whether the reachable bytes come near the maximum, or a thread of the dump ran out of memory. */
export function isHeapFull(heap: HeapEvidence): boolean {
  const limit = heapLimitOf(heap);
  if (limit !== undefined && reachableBytesOf(heap) >= limit.bytes * thresholds.fullHeapShare) return true;
  return didRunOut(heap);
}

/** Whether a thread of the dump ran out of memory, and not because it asked for more than any heap of that size has. */
export function didRunOut(heap: HeapEvidence): boolean {
  return emptyHeapShareOf(heap) === undefined && heap.threads.some((thread) => isOutOfMemory(thread.frames));
}

/** What is reachable, as a share of the maximum, when that is so little that the heap cannot have been full. */
export function emptyHeapShareOf(heap: HeapEvidence): number | undefined {
  const limit = heapLimitOf(heap);
  const share = limit === undefined ? 1 : reachableBytesOf(heap) / limit.bytes;
  return share < thresholds.emptyHeapShare ? share : undefined;
}

/** The stack's top is the making of an OutOfMemoryError: the dump was taken because of it. */
export function isOutOfMemory(frames: readonly { readonly className: string; readonly method: string }[]): boolean {
  return frames
    .slice(0, 4)
    .some(({ className, method }) => className === "java.lang.OutOfMemoryError" && method === "<init>");
}
