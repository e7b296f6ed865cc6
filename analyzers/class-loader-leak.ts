import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, Severity } from "../src/model/finding.ts";
import { formatBytes, formatCount, formatPercent } from "../src/model/format-number.ts";
import type { HeapClass } from "../src/model/heap-classes.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Bytes } from "../src/model/units.ts";
import { outerNameOf, stableNameOf } from "./class-names.ts";
import { didRunOut, isOutOfMemory } from "./heap-limit.ts";
import { classOf, reachableBytesOf, retainedBytesOf, targetsOf } from "./heap-lookup.ts";
import { formatStep, joinSteps, pathNamingOf, readArrayLengths, stepsOf } from "./reference-path.ts";
import { type GroupSuspect, groupOf } from "./suspect-search.ts";
import { thresholds } from "./thresholds.ts";

/** Class loaders of one kind that each define the same classes again. */
interface LoaderCopies {
  readonly loaderClass: HeapClass;
  readonly loaders: ReadonlySet<number>;
  /** The class that most of them define. */
  readonly example: string;
  readonly copies: number;
  /** What the loaders and their classes keep alive, static fields included. */
  readonly retainedBytes: Bytes;
}

/** Plugins, scripts or web applications that were loaded again and again and never let go. */
export const classLoaderLeak: Analyzer<"heap"> = {
  name: "class-loader-leak",
  description: "class loaders that each define the same class again, and who holds them",
  needs: ["heap"],
  analyze: ({ heap }) => ({ findings: loaderCopiesOf(heap).map((copies) => findingOf(heap, copies)), sections: [] }),
};

function loaderCopiesOf(heap: HeapEvidence): LoaderCopies[] {
  const defined = heap.classes.filter(({ kind, loader, ordinal }) => kind === "instance" && loader > 0 && ordinal > 0);
  const repeated = [...Map.groupBy(defined, ({ name, loader }) => `${heap.graph.classOf[loader]} ${name}`).values()]
    .filter(({ length }) => length >= thresholds.classLoaders.copies)
    .sort((a, b) => b.length - a.length || (a[0]!.name < b[0]!.name ? -1 : 1));
  return [...Map.groupBy(repeated, ([first]) => classOf(heap, first!.loader)).entries()].map(
    ([loaderClass, groups]) => {
      const loaders = new Set(groups.flatMap((group) => group.map(({ loader }) => loader)));
      return {
        loaderClass,
        loaders,
        example: groups[0]![0]!.name,
        copies: groups[0]!.length,
        retainedBytes: retainedTogether(heap, [
          ...loaders,
          ...defined.filter(({ loader }) => loaders.has(loader)).map(({ ordinal }) => ordinal),
        ]),
      };
    },
  );
}

/** Each object is counted with the topmost of the others that dominates it. */
function retainedTogether(heap: HeapEvidence, ordinals: readonly number[]): Bytes {
  const { dominatorOf } = heap.dominators;
  const members = new Set(ordinals);
  const isBelowAnother = (ordinal: number) => {
    for (let each = dominatorOf[ordinal]!; each > 0; each = dominatorOf[each]!) if (members.has(each)) return true;
    return false;
  };
  return [...members].reduce(
    (bytes, ordinal) => (isBelowAnother(ordinal) ? bytes : bytes + retainedBytesOf(heap, ordinal)),
    0,
  );
}

function findingOf(heap: HeapEvidence, found: LoaderCopies): Finding {
  const { loaderClass, loaders, example, copies, retainedBytes } = found;
  const share = retainedBytes / Math.max(1, reachableBytesOf(heap));
  const held = pathTo(heap, found);
  const loaderName = outerNameOf(loaderClass.name);
  const source = "class loaders of the dump";
  return {
    rule: "heap/class-loader-leak",
    key: `heap/class-loader-leak:${stableNameOf(loaderClass.name)}`,
    severity: severityOf(heap, share),
    score: Math.min(100, Math.round(100 * share)),
    title: `${formatCount(loaders.size)} class loaders \`${loaderName}\` keep as many copies of the same classes, ${formatBytes(retainedBytes)}, ${formatPercent(share)} of the heap`,
    impact: { value: retainedBytes, unit: "bytes" },
    evidence: [
      { label: "", value: `${formatCount(copies)} × class ${stableNameOf(example)}`, unit: "text", source },
      { label: "held by", value: held, unit: "text", source: "literal shortest path from a GC root" },
    ],
    advice: `let the loader go when what it loaded is replaced: drop what holds it, and the threads, thread-locals, drivers and shutdown hooks that its classes registered; or load the classes once and reuse the loader`,
    docs: "rules/heap-class-loader-leak.md",
  };
}

/** When the heap was not full but a thread ran out, it was of metaspace: each copy of a class takes some. */
function severityOf(heap: HeapEvidence, share: number): Severity {
  const { criticalShare, warningShare } = thresholds.classLoaders;
  const isOut = heap.threads.some(({ frames }) => isOutOfMemory(frames));
  if (isOut && (share >= criticalShare || !didRunOut(heap))) return "critical";
  return share >= warningShare ? "warning" : "info";
}

function pathTo(heap: HeapEvidence, { loaderClass, loaders, retainedBytes }: LoaderCopies): string {
  const members = Int32Array.from(loaders).sort();
  const group = groupOf(heap, loaderClass.index, members, retainedBytes);
  const ordinals = group.path.length > 0 ? group.path : (group.examples[0] ?? []);
  if (ordinals.length === 0) return "no common path: many different objects or roots hold them";
  const naming = pathNamingOf(heap, new Map(), readArrayLengths(heap, ordinals));
  const member = memberBelow(heap, group, loaders);
  const pairs = [...ordinals.slice(1), ...(member > 0 ? [member] : [])].map((to, i) => ({ from: ordinals[i]!, to }));
  const labels = heap.objects.labels(
    pairs.map(({ from }) => from),
    pairs.map(({ to }) => to),
  );
  const steps = stepsOf(naming, { ordinals, labels: labels.slice(0, ordinals.length - 1) });
  const last = member > 0 ? labels.at(-1) : undefined;
  if (last === undefined) return joinSteps(steps);
  const any = last.kind === "element" ? { kind: last.kind, text: "[*]" } : last;
  return joinSteps([...steps, formatStep(naming, ordinals.at(-1)!, any)]);
}

/** A loader that the end of the common path holds itself. */
function memberBelow(heap: HeapEvidence, { path }: GroupSuspect, loaders: ReadonlySet<number>): number {
  const end = path.at(-1);
  return end === undefined ? 0 : (targetsOf(heap.graph, end, 10_000).find((target) => loaders.has(target)) ?? 0);
}
