import { formatBytes, formatCount, formatPercent } from "../src/model/format-number.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { classOf } from "./heap-lookup.ts";
import type { SuspectReport } from "./suspect-report.ts";

/** The class of the object that the finding names; for a class object the class that it stands for. */
export function namedClassOf({ naming, named, suspect }: SuspectReport): string {
  if (suspect.kind === "group") return stableNameOf(naming.heap.classes[suspect.classIndex]!.name);
  return stableNameOf(naming.classByOrdinal.get(named) ?? classOf(naming.heap, named).name);
}

/** The number and the name. */
export function titleOf(report: SuspectReport): string {
  const { retainedBytes, share, shape, contents } = report;
  const amount = `${formatBytes(retainedBytes)}, ${formatPercent(share)} of the heap`;
  const subject = subjectOf(report);
  const isGroup = report.suspect.kind === "group";
  const retain = isGroup ? "retain" : "retains";
  switch (shape) {
    case "collection":
      return `${subject} ${retain} ${amount}`;
    case "buffer":
      return `${subject} ${isGroup ? "are buffers" : "is a buffer"} of ${amount}: ${arraysOf(contents.flatArrays.count)}`;
    case "bounded":
      return `${subject} ${retain} ${amount}, in a structure that limits itself`;
    case "classes":
      return `Loaded classes with their static fields and tables, seen as ${subject}, retain ${amount}`;
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
  const { suspect, holder } = report;
  const name = `\`${suspect.kind === "single" && report.naming.classByOrdinal.has(report.named) ? "class " : ""}${outerNameOf(namedClassOf(report))}\``;
  const what = suspect.kind === "group" ? `${formatCount(suspect.members.length)} objects of ${name}` : name;
  if (holder === undefined) return what;
  switch (holder.kind) {
    case "static":
    case "field":
      return `${what} in \`${holder.name}\``;
    case "local":
      return `${what}, ${holder.name},`;
    default:
      return what;
  }
}

/** One thing to do. */
export function adviceFor(report: SuspectReport): string {
  const { shape, holder, contents, severity } = report;
  const holderName =
    holder === undefined || holder.kind === "root" ? `the ${outerNameOf(namedClassOf(report))}` : `\`${holder.name}\``;
  switch (shape) {
    case "collection":
      return severity === "info"
        ? `Watch it: compare with a later dump; if the entries of ${holderName} grew, bound it.`
        : collectionAdvice(report, holderName);
    case "buffer": {
      const one = contents.flatArrays.count === 1 ? "one object of fixed size" : "a few objects of fixed size";
      return `Nothing, if it is meant to be that big: ${one}, by design unless it grows from dump to dump. Its size is a setting of whoever fills ${holderName}.`;
    }
    case "bounded":
      return `Nothing, while it stays within its setting: find the limit that governs ${holderName} and compare it with this size.`;
    case "classes":
      return "Nothing, while the number of classes stays the same: compare the class count with a later dump; if it grows, something defines classes or loaders without end.";
    case "mixed":
      return `No single collection in it stands out: see what ${holderName} is made of with --include dominators, and compare with a later dump.`;
    default:
      return shape satisfies never;
  }
}

function collectionAdvice({ holder, mostly }: SuspectReport, holderName: string): string {
  const what =
    holder === undefined
      ? `find who keeps ${holderName} entries, and bound it`
      : holder.kind === "local"
        ? `keep fewer entries at a time: ${holder.name} holds them all until it returns`
        : `bound ${holderName} or expire its entries`;
  const where =
    mostly !== undefined && mostly.share >= 0.3
      ? `; the ${mostly.text} are ${formatPercent(Math.min(1, mostly.share))} of it`
      : "";
  return `${what}${where}`;
}
