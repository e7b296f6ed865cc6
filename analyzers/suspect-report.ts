import type { AnalysisOptions } from "../src/model/analyzer.ts";
import type { Severity } from "../src/model/finding.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { EdgeLabel } from "../src/model/heap-objects.ts";
import type { Bytes } from "../src/model/units.ts";
import { outerNameOf } from "./class-names.ts";
import { isHeapFull } from "./heap-limit.ts";
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
import { type Entries, type SuspectContents, suspectContentsOf } from "./suspect-contents.ts";
import {
  entryNameOf,
  isClassMetadata,
  type SuspectFacts,
  type SuspectShape,
  severityOf,
  shapeOf,
} from "./suspect-judgement.ts";
import { type Draft, type DraftLabels, examplesOf, readLabels } from "./suspect-labels.ts";
import { findSuspects, type GroupSuspect, groupBelow, type Suspect } from "./suspect-search.ts";
import { readThreadFacts } from "./thread-facts.ts";
import { thresholds } from "./thresholds.ts";
import { typicalHoldings } from "./typical-holdings.ts";

/** Everything that there is to say about one suspect. */
export interface SuspectReport {
  readonly suspect: Suspect;
  readonly naming: PathNaming;
  readonly path: LabelledPath;
  /** The object to name: what the holder refers to, where it dominates the accumulation point. */
  readonly named: number;
  readonly holder: Holder | undefined;
  /** Share of what was looked at that is held like that: 1 for a single object. */
  readonly typicalShare: number;
  readonly retainedBytes: Bytes;
  readonly share: number;
  readonly contents: SuspectContents;
  readonly shape: SuspectShape;
  readonly severity: Severity;
  readonly pathText: string;
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
  const isFull = isHeapFull(heap);
  return drafts.map((draft, i) => reportOf(naming, draft, labels[i]!, isFull));
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
      drafts.flatMap(({ suspect }) => [suspect.path, ...examplesOf(suspect)].flatMap((path) => path.slice(0, 1))),
    ),
  ].filter((ordinal) => threads.has(ordinal));
  const facts = starts.length === 0 ? new Map() : readThreadFacts(heap, starts, options);
  const lengths = readArrayLengths(
    heap,
    drafts.flatMap(({ suspect }) => [...suspect.path, ...(examplesOf(suspect)[0] ?? [])]),
  );
  return pathNamingOf(heap, new Map([...facts].map(([ordinal, { name }]) => [ordinal, name])), lengths);
}

function reportOf(naming: PathNaming, draft: Draft, labels: DraftLabels, isFull: boolean): SuspectReport {
  const { heap } = naming;
  const { suspect, contents } = draft;
  const { path, holder, typicalShare } = wayTo(naming, draft, labels);
  const named =
    suspect.kind === "group"
      ? suspect.members[0]!
      : namedOf(heap, suspect.path, holder?.heldIndex ?? 0, suspect.accumulationPoint);
  const retainedBytes = suspect.kind === "group" ? suspect.retainedBytes : retainedBytesOf(heap, named);
  const pointBytes =
    suspect.kind === "group" ? suspect.retainedBytes : retainedBytesOf(heap, suspect.accumulationPoint);
  const facts: SuspectFacts = {
    retainedBytes: pointBytes,
    share: retainedBytes / Math.max(1, reachableBytesOf(heap)),
    contents,
    className:
      suspect.kind === "group" ? heap.classes[suspect.classIndex]!.name : classOf(heap, suspect.accumulationPoint).name,
    pathClasses: [...Array.from(path.ordinals), ...(suspect.kind === "group" ? [] : suspect.chain)].map(
      (ordinal) => classOf(heap, ordinal).name,
    ),
    isHeapFull: isFull,
    isScattered: suspect.kind === "group" && suspect.path.length === 0,
    isHolderLost: isHolderLost(heap, suspect),
  };
  const shape = shapeOf(facts);
  const hasEntries = shape === "collection" || shape === "bounded";
  const steps = path.ordinals.length === 0 ? [] : stepsOf(naming, path);
  return {
    suspect,
    naming,
    path,
    named,
    holder,
    typicalShare,
    retainedBytes,
    share: facts.share,
    contents,
    shape,
    severity: severityOf(shape, facts),
    pathText: joinSteps([...steps, ...(hasEntries ? entrySteps(naming, draft, labels) : [])]),
    entries: contents.entries && nameEntries(contents.entries, draft),
    mostly: mostlyOf(naming, draft, labels, pointBytes),
  };
}

function nameEntries({ className, count, retainedBytes }: Entries, { holdings }: Draft): SuspectReport["entries"] {
  return { name: entryNameOf(className, holdings[0]?.className), count, eachBytes: Math.round(retainedBytes / count) };
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

interface Way {
  readonly path: LabelledPath;
  readonly holder: Holder | undefined;
  readonly typicalShare: number;
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

/** The first object on the path from the holder's on that dominates the accumulation point. */
function namedOf(heap: HeapEvidence, path: readonly number[], heldIndex: number, point: number): number {
  const { dominatorOf } = heap.dominators;
  const dominators = new Set<number>();
  for (let each = point; each > 0; each = dominatorOf[each]!) dominators.add(each);
  return path.slice(heldIndex).find((ordinal) => dominators.has(ordinal)) ?? point;
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
