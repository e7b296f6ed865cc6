import type { HeapClass } from "../../model/heap-classes.ts";
import type { HeapRoot, Loss } from "../../model/heap-evidence.ts";
import type { HeapGraph } from "../../model/heap-graph.ts";
import { lineage } from "./reference-fields.ts";
import type { RootSet } from "./roots.ts";

/** Dumps of the old hprof agent name no system classes; then all classes of the boot loader but object arrays are roots. */
export function systemClassRoots(set: RootSet, classes: readonly HeapClass[]): RootSet {
  if (set.roots.some(({ kind }) => kind === "stickyClass")) return set;
  const added = classes
    .filter(({ ordinal, loader, kind }) => ordinal > 0 && loader === 0 && kind !== "objectArray")
    .map(({ ordinal }): HeapRoot => ({ kind: "stickyClass", ordinal, threadSerial: 0, frame: -1 }));
  return { ...set, roots: [...set.roots, ...added] };
}

/**
 * HotSpot writes the roots behind the objects, so a dump that was cut off has none. Then classes, threads and every object that
 * nothing references are taken for roots, and that is said.
 */
export function substituteRoots(
  set: RootSet,
  graph: HeapGraph,
  classes: readonly HeapClass[],
  isDamaged: boolean,
): { readonly roots: readonly HeapRoot[]; readonly lost?: Loss } {
  const isComplete = set.threads.length > 0 || set.roots.some(({ kind }) => kind !== "stickyClass");
  if (isComplete || !isDamaged || graph.objectCount === 0) return { roots: set.roots };
  const isThread = Uint8Array.from(classes, ({ index }) =>
    Number(lineage(classes, index).some(({ name }) => name === "java.lang.Thread")),
  );
  const isClass = new Set(classes.map(({ ordinal }) => ordinal));
  const isReferenced = referencedObjects(graph);
  const roots: HeapRoot[] = [...set.roots];
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++) {
    const isRoot = isReferenced[ordinal] === 0 || isThread[graph.classOf[ordinal]!] === 1 || isClass.has(ordinal);
    if (isRoot) roots.push({ kind: "unknown", ordinal, threadSerial: 0, frame: -1 });
  }
  return {
    roots,
    lost: {
      offset: 0,
      bytes: 0,
      reason: "the GC roots were lost: every object that nothing references is taken for one",
    },
  };
}

function referencedObjects({ objectCount, firstEdge, edgeTo }: HeapGraph): Uint8Array {
  const isReferenced = new Uint8Array(objectCount + 1);
  for (let ordinal = 1; ordinal <= objectCount; ordinal++) {
    for (let edge = firstEdge[ordinal]!; edge > 0; edge++) {
      isReferenced[edgeTo[edge]! & 0x7fffffff] = 1;
      if (edgeTo[edge]! < 0) break;
    }
  }
  return isReferenced;
}
