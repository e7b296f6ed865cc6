import { type MergedPaths, type MergeOptions, mergeShortestPaths } from "../src/graph/merged-paths.ts";
import { addOrdinal, createOrdinalSet, type OrdinalSet } from "../src/graph/ordinal-set.ts";
import { shortestPaths } from "../src/graph/shortest-paths.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { HeapGraph } from "../src/model/heap-graph.ts";
import { isPlatformClass } from "./class-names.ts";
import { classOf, readObjects } from "./heap-lookup.ts";

/** Whether only a stack frame's local variable and the JDK's own classes lead to the end: true of whatever a thread just works on. */
export function isHeldByStackOnly(heap: HeapEvidence, path: readonly number[]): boolean {
  if (path.length < 2) return false;
  const thread = heap.threads.find(({ ordinal }) => ordinal === path[0]);
  if (thread === undefined || !thread.locals.some(({ ordinal }) => ordinal === path[1])) return false;
  return path.slice(1, -1).every((ordinal) => isPlatformClass(classOf(heap, ordinal).name));
}

/** The heap without the stacks: roots are all but the threads, and what the threads' own fields refer to. */
export interface OffStackHeap {
  readonly graph: HeapGraph;
  readonly threads: OrdinalSet;
  /** The thread whose field refers to the object that the search takes for a root. */
  readonly threadOf: ReadonlyMap<number, number>;
}

export function offStackHeapOf(heap: HeapEvidence): OffStackHeap {
  const threads = createOrdinalSet(heap.graph.objectCount);
  const ordinals = heap.threads.map(({ ordinal }) => ordinal).filter((ordinal) => ordinal > 0);
  for (const ordinal of ordinals) addOrdinal(threads, ordinal);
  const objects = readObjects(heap, ordinals);
  const roots = new Set(heap.graph.roots);
  const threadOf = new Map<number, number>();
  for (const [thread, { fields }] of objects) {
    roots.delete(thread);
    for (const { type, value } of fields) {
      if (type === "object" && Number(value) > 0 && !roots.has(Number(value))) threadOf.set(Number(value), thread);
    }
  }
  return {
    graph: { ...heap.graph, roots: Int32Array.from([...roots, ...threadOf.keys()]).sort() },
    threads,
    threadOf,
  };
}

/** Shortest paths that no local variable takes part in, where that tells more: through a class of the program, a static field or a thread-local. */
export function offStackPaths(
  heap: HeapEvidence,
  offStack: OffStackHeap,
  targets: readonly number[],
): (readonly number[] | undefined)[] {
  return shortestPaths(offStack.graph, targets, { avoid: offStack.threads }).map((path) =>
    path === undefined ? undefined : tellingPath(heap, withThread(offStack, path)),
  );
}

/** The same for the path that many objects have in common. */
export function offStackMergedPath(
  heap: HeapEvidence,
  { graph, threads, threadOf }: OffStackHeap,
  members: Int32Array,
  options: MergeOptions,
): MergedPaths | undefined {
  const merged = mergeShortestPaths(graph, members, { ...options, avoid: threads });
  const thread = threadOf.get(merged.prefix[0] ?? 0);
  if (merged.pathCount < merged.targetCount * (options.minShare ?? 0.8)) return undefined;
  if (tellingPath(heap, [...(thread === undefined ? [] : [thread]), ...merged.prefix, 0]) === undefined)
    return undefined;
  if (thread === undefined) return merged;
  return {
    ...merged,
    prefix: Int32Array.from([thread, ...merged.prefix]),
    counts: Int32Array.from([merged.counts[0]!, ...merged.counts]),
  };
}

function withThread({ threadOf }: OffStackHeap, path: Int32Array): number[] {
  const thread = threadOf.get(path[0]!);
  return thread === undefined ? [...path] : [thread, ...path];
}

function tellingPath(heap: HeapEvidence, path: readonly number[]): readonly number[] | undefined {
  const holders = path.slice(0, -1);
  const programClasses = new Set(
    heap.classes.filter(({ ordinal, name }) => ordinal > 0 && !isPlatformClass(name)).map(({ ordinal }) => ordinal),
  );
  const isTelling = holders.some(
    (ordinal) =>
      programClasses.has(ordinal) ||
      !isPlatformClass(classOf(heap, ordinal).name) ||
      classOf(heap, ordinal).name === "java.lang.ThreadLocal$ThreadLocalMap",
  );
  return isTelling ? path : undefined;
}
