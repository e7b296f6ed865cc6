import { deflateRawSync } from "node:zlib";
import type { Profile, ProfileSet } from "../model/profile.ts";
import { bucketSecondsOf, type Detail, details, firstDetail, type PageSource } from "./page-details.ts";
import { hotLines } from "./page-lines.ts";
import { notesOf } from "./page-notes.ts";
import { type PageRows, pageRows } from "./page-rows.ts";
import { greatestShares, type KeptStacks, keepStacks, type PageStacks, unifyStacks } from "./page-stacks.ts";
import { type PageThreads, pageThreads } from "./page-threads.ts";
import type { WireHeader, WireProfile, WireSide } from "./pages/wire.ts";
import { VarintWriter } from "./varint-writer.ts";

/** A recording whose profiles go into a page. */
export interface NamedProfiles {
  readonly name: string;
  readonly set: ProfileSet;
}

/** Recordings of one page: one, or two that are compared. */
export interface PageProfiles {
  readonly after: NamedProfiles;
  readonly before?: NamedProfiles | undefined;
}

/** More threads than this, and only their pools are told apart; virtual threads come in millions. */
const mostThreads = 5000;
const mostLabels = 500;

/** Profiles as base64 of raw deflate, of at most `maxCharacters` (unless even the least detail needs more); undefined without any. */
export function pagePayload(profiles: PageProfiles, maxCharacters: number): string | undefined {
  const source = pageSource(profiles);
  if (source.shown.length === 0) return undefined;
  const last = details.length - 1;
  let text: string | undefined;
  for (let step = firstDetail(source); step <= last; step++) {
    const bytes = payloadBytes(source, details[step]!);
    text = Buffer.from(deflateRawSync(bytes)).toString("base64");
    if (text.length <= maxCharacters) break;
  }
  return text;
}

interface Source extends PageSource {
  readonly sides: readonly NamedProfiles[];
}

function pageSource({ after, before }: PageProfiles): Source {
  const shown = after.set.profiles
    .filter(({ sampleStack }) => sampleStack.length > 0)
    .flatMap((profile) => {
      if (before === undefined) return [[profile]];
      const counterpart = before.set.profiles.find((other) => isAlike(other, profile));
      return counterpart ? [[profile, counterpart]] : [];
    });
  const stacks = unifyStacks(shown.flat(), before !== undefined);
  const sides = before ? [after, before] : [after];
  return { sides, sets: sides.map(({ set }) => set), shown, stacks, shares: greatestShares(stacks) };
}

function isAlike(one: Profile, other: Profile): boolean {
  return one.kind === other.kind && one.event === other.event && one.unit === other.unit;
}

function payloadBytes({ sides, sets, shown, stacks, shares }: Source, detail: Detail): Uint8Array {
  const kept = keepStacks(stacks.table, shares, detail.cutShare);
  const tooMany = sets.reduce((sum, { threads }) => sum + threads.length, 0) > mostThreads;
  const threads = pageThreads(sets, detail.onlyPools || tooMany);
  const parts = shown.map((profiles) => profilePart(profiles, { sets, stacks, kept, threads, detail }));
  const header: WireHeader = {
    names: sides.map(({ name }) => name),
    frames: kept.frameNames,
    stackCount: kept.stackFrame.length,
    threads: threads.names,
    threadPool: threads.poolOf,
    pools: threads.pools,
    onlyPools: detail.onlyPools || tooMany,
    cutShare: detail.cutShare,
    startMillis: sets[0]!.startMillis ?? null,
    durationSeconds: sets[0]!.durationSeconds ?? null,
    profiles: parts.map(({ wire }) => wire),
  };
  const writer = new VarintWriter();
  writer.text(JSON.stringify(header));
  writeStacks(writer, kept);
  for (const { rows } of parts) for (const side of rows) writeRows(writer, side);
  return writer.bytes();
}

interface PartContext {
  readonly sets: readonly ProfileSet[];
  readonly stacks: PageStacks;
  readonly kept: KeptStacks;
  readonly threads: PageThreads;
  readonly detail: Detail;
}

function profilePart(profiles: readonly Profile[], { sets, stacks, kept, threads, detail }: PartContext) {
  const [first] = profiles;
  const bucketSeconds = bucketSecondsOf(profiles, sets[0]!, detail.bucketFactor);
  const labels = mostUsedLabels(first!, profiles.length);
  const rows = profiles.map((profile, side) => {
    const withLabels = { ...profile, sampleLabel: labels.indexesOf(profile) };
    return pageRows(withLabels, {
      stackOf: stacks.sampleStacks.get(profile)!.map((stack) => kept.keptAs[stack]!),
      threadAs: threads.threadIn.get(sets[side]!)!,
      bucketSeconds,
    });
  });
  const wire: WireProfile = {
    kind: first!.kind,
    event: first!.event,
    unit: first!.unit,
    sides: profiles.map((profile, side) => wireSide(profile, rows[side]!, sets[side]!)),
    labels: labels.names,
    bucketSeconds: bucketSeconds ?? null,
    lines: hotLines(first!, stacks.sampleStacks.get(first!)!, stacks.table, kept.frameAs),
    notes: notesOf(first!),
  };
  return { wire, rows };
}

function wireSide(profile: Profile, { rows, quantum }: PageRows, { durationSeconds }: ProfileSet): WireSide {
  return {
    rows,
    weightQuantum: quantum,
    samples: profile.sampleCount.reduce((sum, count) => sum + count, 0),
    total: profile.sampleWeight.reduce((sum, weight) => sum + weight, 0),
    durationSeconds: durationSeconds ?? null,
  };
}

/** The labels with most samples; the others share one. A comparison has none: their numbers differ from file to file. */
function mostUsedLabels({ labels = [], sampleLabel }: Profile, sides: number) {
  if (sampleLabel === undefined || sides > 1) return { names: [], indexesOf: noLabels };
  const uses = new Float64Array(labels.length);
  for (const label of sampleLabel) if (label >= 0) uses[label]!++;
  const used = [...labels.keys()].filter((label) => uses[label]! > 0).sort((a, b) => uses[b]! - uses[a]! || a - b);
  const names = used.slice(0, mostLabels).map((label) => labels[label]!);
  const others = used.length - names.length;
  const indexOf = new Int32Array(labels.length).fill(others > 0 ? names.length : -1);
  for (const [index, label] of used.slice(0, mostLabels).entries()) indexOf[label] = index;
  return {
    names: others > 0 ? [...names, `… ${others} others`] : names,
    indexesOf: (profile: Profile) => profile.sampleLabel!.map((label) => (label < 0 ? -1 : indexOf[label]!)),
  };
}

function noLabels({ sampleStack }: Profile): Int32Array {
  return new Int32Array(sampleStack.length).fill(-1);
}

function writeStacks(writer: VarintWriter, kept: KeptStacks): void {
  for (const kind of kept.frameKinds) writer.unsigned(kind);
  for (const frame of kept.stackFrame) writer.unsigned(frame);
  for (const [stack, caller] of kept.stackCaller.entries()) writer.unsigned(stack - caller);
  for (const merged of kept.mergedStacks) writer.unsigned(merged);
}

/** Column by column, as the difference to the row before where that is small. */
function writeRows(writer: VarintWriter, { rows, stack, thread, label, bucket, count, weight }: PageRows): void {
  for (const column of [stack, thread, label, bucket]) {
    let previous = 0;
    for (let row = 0; row < rows; row++) {
      writer.signed(column[row]! - previous);
      previous = column[row]!;
    }
  }
  for (let row = 0; row < rows; row++) writer.unsigned(Math.round(count[row]!));
  for (let row = 0; row < rows; row++) writer.signed(weight[row]!);
}
