import type { AnalysisOptions } from "../src/model/analyzer.ts";
import type { Severity } from "../src/model/finding.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import type { Bytes } from "../src/model/units.ts";
import { outerNameOf } from "./class-names.ts";
import { didRunOut, isHeapFull } from "./heap-limit.ts";
import { classOf, reachableBytesOf, retainedBytesOf, targetsOf } from "./heap-lookup.ts";
import {
  formatStep,
  type Holder,
  holderOf,
  joinSteps,
  type LabelledPath,
  type PathNaming,
  pathNamingOf,
  readArrayLengths,
  stepsOf,
} from "./reference-path.ts";
import { type Entries, type HeldClass, type SuspectContents, suspectContentsOf } from "./suspect-contents.ts";
import { factsOf, type HeapFill, poolOf, type Way } from "./suspect-facts.ts";
import {
  entryNameOf,
  hasAlikeEntries,
  isClassMetadata,
  partedClassOf,
  type SuspectFacts,
  type SuspectShape,
  severityOf,
  shapeOf,
} from "./suspect-judgement.ts";
import { type Draft, type DraftLabels, examplesOf, readLabels } from "./suspect-labels.ts";
import { nameOf } from "./suspect-name.ts";
import { findSuspects, type GroupSuspect, groupBelow, type Suspect } from "./suspect-search.ts";
import { readThreadFacts } from "./thread-facts.ts";
import { thresholds } from "./thresholds.ts";
import { typicalHoldings } from "./typical-holdings.ts";

/** Everything that there is to say about one suspect. */
export interface SuspectReport {
  readonly suspect: Suspect;
  readonly naming: PathNaming;
  readonly path: LabelledPath;
  /** The object to name: what the holder refers to, where it dominates the accumulation point; of a group the collection, if there is one. */
  readonly named: number;
  /** False for a group of which no one object can be named. */
  readonly isNamedAlone: boolean;
  /** How many suspects of the same kind with the same holder this one stands for. */
  readonly alike: number;
  readonly facts: SuspectFacts;
  /** The pool of a group of threads. */
  readonly pool: string | undefined;
  readonly holder: Holder | undefined;
  /** Share of what was looked at that is held like that: 1 for a single object. */
  readonly typicalShare: number;
  readonly retainedBytes: Bytes;
  readonly share: number;
  readonly contents: SuspectContents;
  readonly shape: SuspectShape;
  readonly severity: Severity;
  readonly pathText: string;
  /** What a collection of few parts holds many of. */
  readonly parted: HeldClass | undefined;
  /** Whether it is filled by entries, and not by a few big parts or many different ones. */
  readonly isOfEntries: boolean;
  /** The entries by the name that people know, with the bytes of one. */
  readonly entries: { readonly name: string; readonly count: number; readonly eachBytes: Bytes } | undefined;
  /** `byte[] in Leaky$Entry.val`, with its share of the accumulation point. */
  readonly mostly: { readonly text: string; readonly share: number } | undefined;
}

/** Finds, looks into and judges the suspects; the file is read for labels once, for arrays once and for threads twice. */
export function reportSuspects(heap: HeapEvidence, options: AnalysisOptions): SuspectReport[] {
  const suspects = findSuspects(heap).slice(0, 40);
  if (suspects.length === 0) return [];
  const drafts = draftsOf(heap, suspects);
  const labels = readLabels(heap, drafts);
  const naming = namingOf(heap, drafts, options);
  const fill = { isHeapFull: isHeapFull(heap), didRunOut: didRunOut(heap) };
  return drafts.map((draft, i) => reportOf(naming, draft, labels[i]!, fill));
}

function draftsOf(heap: HeapEvidence, suspects: readonly Suspect[]): Draft[] {
  const contents = suspectContentsOf(
    heap,
    suspects.map((suspect) => (suspect.kind === "single" ? [suspect.accumulationPoint] : suspect.members)),
  );
  return suspects.map((single, i) => {
    const suspect = sharedEntriesOf(heap, single, contents[i]!) ?? single;
    const own = suspect.kind === "single" ? contents[i]! : { ...contents[i]!, entries: groupEntriesOf(heap, suspect) };
    const sample = own.entries?.sample ?? [];
    const from = suspect.path.at(-1);
    const to = own.entries?.firstTop;
    return {
      suspect,
      contents: own,
      holdings: typicalHoldings(heap, sample),
      toEntry: from === undefined || to === undefined ? undefined : { from, to },
    };
  });
}

/** Entries that two collections share are dominated by what holds both: then they are the suspect, with their own paths. */
function sharedEntriesOf(heap: HeapEvidence, suspect: Suspect, { entries }: SuspectContents): GroupSuspect | undefined {
  if (suspect.kind === "group" || entries === undefined || entries.topCount < thresholds.suspects.alikeEntries)
    return undefined;
  const point = suspect.accumulationPoint;
  const isMost = entries.retainedBytes >= thresholds.suspects.entriesShare * retainedBytesOf(heap, point);
  if (!isMost || classOf(heap, point).kind !== "instance" || isClassMetadata(entries.className)) return undefined;
  if (targetsOf(heap.graph, point).includes(entries.firstTop)) return undefined;
  return groupBelow(heap, point, entries.classIndex, entries.retainedBytes);
}

/** The members of a group are its entries. */
function groupEntriesOf(heap: HeapEvidence, { classIndex, members, retainedBytes }: GroupSuspect): Entries {
  const count = Math.min(thresholds.suspects.sampledEntries, members.length);
  const sample = Array.from({ length: count }, (_, i) => members[Math.floor((i * members.length) / count)]!);
  return {
    classIndex,
    className: heap.classes[classIndex]!.name,
    count: members.length,
    retainedBytes,
    topCount: members.length,
    firstTop: members[0]!,
    sample,
  };
}

function namingOf(heap: HeapEvidence, drafts: readonly Draft[], options: AnalysisOptions): PathNaming {
  const threads = new Set(heap.threads.map(({ ordinal }) => ordinal));
  const starts = [
    ...new Set(
      drafts.flatMap(({ suspect, contents }) => [
        ...[suspect.path, ...examplesOf(suspect)].flatMap((path) => path.slice(0, 1)),
        ...(suspect.kind === "group" ? (contents.entries?.sample ?? []) : []),
      ]),
    ),
  ].filter((ordinal) => threads.has(ordinal));
  const facts = starts.length === 0 ? new Map() : readThreadFacts(heap, starts, options);
  const lengths = readArrayLengths(
    heap,
    drafts.flatMap(({ suspect }) => [...suspect.path, ...(examplesOf(suspect)[0] ?? [])]),
  );
  return pathNamingOf(heap, new Map([...facts].map(([ordinal, { name }]) => [ordinal, name])), lengths);
}

function reportOf(naming: PathNaming, draft: Draft, labels: DraftLabels, fill: HeapFill): SuspectReport {
  const { heap } = naming;
  const { suspect, contents } = draft;
  const way = wayTo(naming, draft, labels);
  const { path, holder, typicalShare } = way;
  const { named, isNamedAlone, retainedBytes } = nameOf(heap, suspect, holder);
  const facts = { ...factsOf(heap, draft, way), ...fill, share: retainedBytes / Math.max(1, reachableBytesOf(heap)) };
  const shape = shapeOf(facts);
  const pool = shape === "threads" ? poolOf(naming, contents.entries?.sample ?? []) : undefined;
  const isOfEntries = shape === "collection" || ((shape === "bounded" || shape === "store") && hasAlikeEntries(facts));
  const hasEntries = isOfEntries || shape === "threads";
  const steps = pool !== undefined ? [`thread "${pool}"`] : path.ordinals.length === 0 ? [] : stepsOf(naming, path);
  return {
    suspect,
    naming,
    path,
    named,
    isNamedAlone,
    alike: 1,
    facts,
    pool,
    holder,
    typicalShare,
    retainedBytes,
    share: facts.share,
    contents,
    shape,
    severity: severityOf(shape, facts),
    parted: shape === "collection" ? partedClassOf(facts) : undefined,
    pathText: joinSteps([...steps, ...(hasEntries ? entrySteps(naming, draft, labels) : [])]),
    entries: contents.entries && nameEntries(contents.entries, draft),
    isOfEntries,
    mostly: mostlyOf(naming, draft, labels, facts.retainedBytes),
  };
}

function nameEntries({ className, count, retainedBytes }: Entries, { holdings }: Draft): SuspectReport["entries"] {
  return { name: entryNameOf(className, holdings[0]?.className), count, eachBytes: Math.round(retainedBytes / count) };
}

/** The path and who holds its end; of a group also the reference to its members, or else what most of the biggest members have in common. */
function wayTo(naming: PathNaming, { suspect, toEntry }: Draft, labels: DraftLabels): Way {
  const path = { ordinals: suspect.path, labels: labels.path };
  if (suspect.kind === "single") return { path, holder: holderOf(naming, path), typicalShare: 1 };
  if (suspect.path.length > 0) {
    const isKnown = toEntry !== undefined && labels.toEntry !== undefined;
    const whole = isKnown
      ? { ordinals: [...suspect.path, toEntry.to], labels: [...labels.path, labels.toEntry] }
      : path;
    return { path, holder: holderOf(naming, whole), typicalShare: suspect.pathShare };
  }
  const ways = suspect.examples
    .map((ordinals, i) => ({ ordinals, labels: labels.examples[i]! }))
    .map((each) => ({ path: each, holder: holderOf(naming, each) }));
  const [most] = [...Map.groupBy(ways, ({ holder }) => holder.name).values()].sort((a, b) => b.length - a.length);
  return most === undefined
    ? { path, holder: undefined, typicalShare: 0 }
    : { ...most[0]!, typicalShare: most.length / ways.length };
}

/** How the entries hang on the end of the path and what they typically hold. */
function entrySteps(naming: PathNaming, { toEntry, holdings }: Draft, labels: DraftLabels): string[] {
  const first =
    toEntry !== undefined && labels.toEntry !== undefined ? [formatAny(naming, toEntry.from, labels.toEntry)] : [];
  return [...first, ...holdings.map(({ from }, i) => formatAny(naming, from, labels.holdings[i]!))];
}

/** The step for any of many: which element it is does not matter. */
function formatAny(naming: PathNaming, from: number, label: EdgeLabel): string {
  return formatStep(naming, from, label.kind === "element" ? { kind: "element", text: "[*]" } : label);
}

function mostlyOf(
  naming: PathNaming,
  { contents, holdings }: Draft,
  labels: DraftLabels,
  pointBytes: Bytes,
): SuspectReport["mostly"] {
  const biggest = contents.classes[0];
  if (biggest === undefined) return undefined;
  const at = holdings.findIndex(({ className }) => className === biggest.className);
  const label = labels.holdings[at];
  const where =
    label?.kind === "field" ? ` in ${outerNameOf(classOf(naming.heap, holdings[at]!.from).name)}.${label.text}` : "";
  return { text: `${biggest.className}${where}`, share: biggest.shallowBytes / Math.max(1, pointBytes) };
}
