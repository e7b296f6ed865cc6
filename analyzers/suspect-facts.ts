import type { HeapClass } from "../src/model/heap-classes.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import { isPlatformClass } from "./class-names.ts";
import { classOf, retainedBytesOf } from "./heap-lookup.ts";
import { redactThreadName } from "./redaction.ts";
import { type Holder, type LabelledPath, mostElementsOf, type PathNaming } from "./reference-path.ts";
import type { SuspectContents } from "./suspect-contents.ts";
import type { SuspectFacts } from "./suspect-judgement.ts";
import type { Draft } from "./suspect-labels.ts";
import type { GroupSuspect, SingleSuspect, Suspect } from "./suspect-search.ts";
import { thresholds } from "./thresholds.ts";

/** The path to a suspect and who holds its end. */
export interface Way {
  readonly path: LabelledPath;
  readonly holder: Holder | undefined;
  readonly typicalShare: number;
}

/** How full the heap was: the same for all suspects. */
export type HeapFill = Pick<SuspectFacts, "isHeapFull" | "didRunOut">;

/** What of the facts one suspect and the way to it tell. */
export function factsOf(
  heap: HeapEvidence,
  { suspect, contents }: Draft,
  { path, holder }: Way,
): Omit<SuspectFacts, keyof HeapFill | "share"> {
  const isGroup = suspect.kind === "group";
  const classes = [...Array.from(path.ordinals), ...(isGroup ? [] : suspect.chain)].map((ordinal) =>
    classOf(heap, ordinal),
  );
  return {
    retainedBytes: isGroup ? suspect.retainedBytes : retainedBytesOf(heap, suspect.accumulationPoint),
    contents,
    className: isGroup ? heap.classes[suspect.classIndex]!.name : classOf(heap, suspect.accumulationPoint).name,
    pathClasses: classes.map(({ name }) => name),
    isScattered: isGroup && suspect.path.length === 0,
    isHolderLost: isHolderLost(heap, suspect),
    isFullArray: !isGroup && holder !== undefined && isFullArray(heap, suspect, contents, holder),
    isEvicting: classes.some((heapClass) => isEvictingMap(heap, heapClass)),
    isThreads: isGroup && areThreads(heap, suspect),
  };
}

/** Few collections that grow are ever full to the last slot, and those of the JDK are not held by a class of the program. */
function isFullArray(
  heap: HeapEvidence,
  { accumulationPoint, path }: SingleSuspect,
  { entries }: SuspectContents,
  { heldIndex }: Holder,
): boolean {
  if (path[heldIndex] !== accumulationPoint || classOf(heap, accumulationPoint).kind !== "objectArray") return false;
  const most = mostElementsOf(heap, accumulationPoint);
  return entries !== undefined && most >= 2 && entries.topCount >= most - 1;
}

function isEvictingMap(heap: HeapEvidence, { name, superclass }: HeapClass): boolean {
  if (isPlatformClass(name)) return false;
  for (let each = heap.classes[superclass]; each !== undefined; each = heap.classes[each.superclass]) {
    if (each.name === "java.util.LinkedHashMap") return true;
  }
  return false;
}

function areThreads(heap: HeapEvidence, { members }: GroupSuspect): boolean {
  const threads = new Set(heap.threads.map(({ ordinal }) => ordinal));
  return members.filter((member) => threads.has(member)).length >= thresholds.suspects.groupPathShare * members.length;
}

/** The name that most of the threads have in common. */
export function poolOf({ threadNames }: PathNaming, sample: readonly number[]): string {
  const names = sample.map((thread) => redactThreadName(threadNames.get(thread) ?? ""));
  const [most] = [...Map.groupBy(names, (name) => name)].sort((a, b) => b[1].length - a[1].length);
  return most?.[0] ?? "";
}

/** Members that are roots for want of anything that holds them: the holder was in the part that could not be read. */
export function isHolderLost(heap: HeapEvidence, suspect: Suspect): boolean {
  return (
    suspect.kind === "group" &&
    suspect.path.length === 0 &&
    suspect.examples.length === 0 &&
    heap.file.losses.length > 0
  );
}
