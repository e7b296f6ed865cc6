import { formatBytes, formatCount, formatPercent } from "../src/model/format-number.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { classOf } from "./heap-lookup.ts";
import type { SuspectReport } from "./suspect-report.ts";

/** The class of the object that the finding names; for a class object the class that it stands for. */
export function namedClassOf({ naming, named, suspect, isNamedAlone }: SuspectReport): string {
  if (suspect.kind === "group" && !isNamedAlone) return stableNameOf(naming.heap.classes[suspect.classIndex]!.name);
  return stableNameOf(naming.classByOrdinal.get(named) ?? classOf(naming.heap, named).name);
}

/** The number and the name. */
export function titleOf(report: SuspectReport): string {
  const { retainedBytes, share, shape, contents, facts } = report;
  const amount = `${formatBytes(retainedBytes)}, ${formatPercent(share)} of the heap`;
  const subject = subjectOf(report);
  const isMany = !report.isNamedAlone || report.alike > 1;
  const retain = isMany ? "retain" : "retains";
  switch (shape) {
    case "collection":
    case "threads":
      return `${subject} ${retain} ${amount}`;
    case "buffer":
      return `${subject} ${isMany ? "are buffers" : "is a buffer"} of ${amount}: ${arraysOf(contents.flatArrays.count)}`;
    case "bounded":
      return `${subject} ${retain} ${amount}, in ${facts.isFullArray ? "an array whose every slot is taken" : "a structure that limits itself"}`;
    case "store":
      return `${subject} ${retain} ${amount}, the data that this service keeps in memory`;
    case "classes":
      return `Loaded classes with their static fields and tables, seen as ${nameOf(report)}, retain ${amount}`;
    case "mixed":
      return `${subject} ${retain} ${amount}, of many different things`;
    default:
      return shape satisfies never;
  }
}

function arraysOf(count: number): string {
  return count === 1 ? "one flat array" : `${formatCount(count)} flat arrays`;
}

/** `HashMap` in `Leaky.CACHE`. */
function subjectOf(report: SuspectReport): string {
  const { holder, suspect, pool } = report;
  if (pool !== undefined && suspect.kind === "group")
    return `${formatCount(suspect.members.length)} threads \`${pool}\``;
  const what = nameOf(report);
  switch (holder?.kind) {
    case "static":
    case "field":
      return `${what} in \`${holder.name}\``;
    case "threadLocal":
      return `${what} in thread-local \`${holder.name}\``;
    case "local":
      return `${what}, ${holder.name},`;
    default:
      return what;
  }
}

/** `HashMap`, `7 objects of ArrayList`. */
function nameOf(report: SuspectReport): string {
  const { suspect, alike, isNamedAlone, naming, named } = report;
  const isClass = suspect.kind === "single" && naming.classByOrdinal.has(named);
  const name = `\`${isClass ? "class " : ""}${outerNameOf(knownClassOf(report))}\``;
  if (suspect.kind === "group" && !isNamedAlone) return `${formatCount(suspect.members.length)} objects of ${name}`;
  return alike > 1 ? `${formatCount(alike)} objects of ${name}` : name;
}

/** An anonymous subclass of one of the JDK's classes is known by that. */
function knownClassOf(report: SuspectReport): string {
  const { naming, named, isNamedAlone } = report;
  const { superclass } = classOf(naming.heap, named);
  const parent = naming.heap.classes[superclass];
  const own = namedClassOf(report);
  const isAnonymous = /\$\d+$/.test(own) && !naming.classByOrdinal.has(named);
  return isNamedAlone && isAnonymous && parent !== undefined && parent.name !== "java.lang.Object" ? parent.name : own;
}

/** One thing to do. */
export function adviceFor(report: SuspectReport): string {
  const { shape, severity, pool } = report;
  const holderName = holderNameOf(report);
  if (shape === "collection" && severity !== "info") return collectionAdvice(report, holderName);
  if (shape === "threads" && severity !== "info")
    return `bound the pool that makes \`${pool}\`, or let each thread hold less: it is freed when the frame returns or the thread ends`;
  return severity === "info" ? calmAdvice(report, holderName) : fullHeapAdvice(report, holderName);
}

function holderNameOf(report: SuspectReport): string {
  const { holder } = report;
  if (holder === undefined || holder.kind === "root") return `the ${outerNameOf(namedClassOf(report))}`;
  return holder.kind === "local" ? `the ${holder.name}` : `\`${holder.name}\``;
}

function calmAdvice({ shape, contents, pool }: SuspectReport, holderName: string): string {
  switch (shape) {
    case "collection":
      return `Watch it: compare with a later dump; if the entries of ${holderName} grew, bound it.`;
    case "threads":
      return `Nothing, while the number of \`${pool}\` threads and what each holds stay as they are: compare with a later dump.`;
    case "buffer": {
      const one = contents.flatArrays.count === 1 ? "one object of fixed size" : "a few objects of fixed size";
      return `Nothing, if it is meant to be that big: ${one}, by design unless it grows from dump to dump. Its size is a setting of whoever fills ${holderName}.`;
    }
    case "bounded":
      return `Nothing, while it stays within its setting: find the limit that governs ${holderName} and compare it with this size.`;
    case "store":
      return `Nothing by itself: it grows with what clients store in it. Size -Xmx for it, and look at who writes if it grows without being wanted.`;
    case "classes":
      return "Nothing, while the number of classes stays the same: compare the class count with a later dump; if it grows, something defines classes or loaders without end.";
    case "mixed":
      return `No single collection in it stands out: see what ${holderName} is made of with --include dominators, and compare with a later dump.`;
    default:
      return shape satisfies never;
  }
}

/** The heap is full and this is at least half of it. */
function fullHeapAdvice({ shape }: SuspectReport, holderName: string): string {
  switch (shape) {
    case "buffer":
    case "bounded":
      return `the heap is full and this is most of it: make ${holderName} smaller by its setting or by a smaller input, or -Xmx larger`;
    case "store":
      return `the heap is full and the data is most of it: store less in the service, or make -Xmx larger`;
    default:
      return `the heap is full and this is most of it: see what ${holderName} is made of with --include dominators, and which part has grown since an earlier dump`;
  }
}

function collectionAdvice(report: SuspectReport, holderName: string): string {
  const { holder, mostly } = report;
  const where =
    mostly !== undefined && mostly.share >= 0.3
      ? `; the ${mostly.text} are ${formatPercent(Math.min(1, mostly.share))} of it`
      : "";
  const weakly = namedClassOf(report) === "java.util.WeakHashMap" ? weakMapAdvice : "";
  return `${whatToDo(holder, holderName)}${weakly}${where}`;
}

const weakMapAdvice = " (a WeakHashMap forgets no entry whose value leads back to its key)";

function whatToDo(holder: SuspectReport["holder"], holderName: string): string {
  switch (holder?.kind) {
    case undefined:
      return `find who keeps ${holderName} entries, and bound it`;
    case "local":
      return `keep fewer entries at a time: ${holderName} holds them all until it returns`;
    case "threadLocal":
      return `call ${holderName}.remove() when a task ends, or keep less in it: the threads of a pool do not end, and neither does what it holds`;
    default:
      return `bound ${holderName} or expire its entries`;
  }
}
