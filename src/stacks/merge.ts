import { StackBuilder } from "../bytes/stack-builder.ts";
import { FormatError } from "../model/errors.ts";
import {
  frameKinds,
  type Profile,
  type ProfileConfidence,
  type ProfileSet,
  type StackTable,
} from "../model/profile.ts";
import { rowsOf } from "./select.ts";

/** Numbers of one table's stacks in a builder, by stack; `nameOf` may give several frames one name. */
export function addStacks(builder: StackBuilder, table: StackTable, nameOf = (name: string) => name): Int32Array {
  const frames = table.frameNames.map((name, frame) =>
    builder.frame(nameOf(name), frameKinds[table.frameKindOf[frame]!]!),
  );
  const { stackFrame, stackCaller } = table;
  const added = new Int32Array(stackFrame.length);
  for (let stack = 0; stack < added.length; stack++) {
    const caller = stackCaller[stack]!;
    added[stack] = builder.call(caller < 0 ? -1 : added[caller]!, frames[stackFrame[stack]!]!);
  }
  return added;
}

/**
 * Several profiles of one kind, event and unit as one, over one `StackTable`. Times and threads belong to the files that they
 * come from and are left out; `mergeProfileSets` keeps them.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  return mergeParts(profiles.map((profile) => ({ profile, secondsOffset: undefined, threadOffset: undefined })));
}

/** Files of one JVM, or of several alike, as one: profiles of equal kind, event and unit are merged. */
export function mergeProfileSets(sets: readonly ProfileSet[]): ProfileSet {
  const starts = sets.flatMap(({ startMillis }) => startMillis ?? []);
  const startMillis = starts.length === sets.length && sets.length > 0 ? Math.min(...starts) : undefined;
  const groups = new Map<string, Part[]>();
  let threadOffset = 0;
  for (const set of sets) {
    const secondsOffset = startMillis === undefined ? undefined : (set.startMillis! - startMillis) / 1000;
    for (const profile of set.profiles) {
      const key = `${profile.kind}\n${profile.event}\n${profile.unit}`;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ profile, secondsOffset, threadOffset });
    }
    threadOffset += set.threads.length;
  }
  const durations = sets.flatMap(({ durationSeconds }) => durationSeconds ?? []);
  return {
    profiles: [...groups.values()].map(mergeParts),
    threads: sets.flatMap(({ threads }) => threads),
    startMillis,
    durationSeconds:
      durations.length === sets.length ? durations.reduce((sum, seconds) => sum + seconds, 0) : undefined,
  };
}

interface Part {
  readonly profile: Profile;
  /** undefined: without times, and without threads. */
  readonly secondsOffset: number | undefined;
  readonly threadOffset: number | undefined;
}

function mergeParts(parts: readonly Part[]): Profile {
  const profiles = parts.map(({ profile }) => profile);
  const first = checkedAlike(profiles);
  const merged: Profile = {
    kind: first.kind,
    event: first.event,
    unit: first.unit,
    ...mergedStacks(profiles),
    sampleWeight: joinedNumbers(profiles.map(({ sampleWeight }) => sampleWeight)),
    sampleCount: joinedNumbers(profiles.map(({ sampleCount }) => sampleCount)),
    ...mergedTimes(parts),
    ...mergedThreads(parts),
    ...mergedLines(profiles),
    ...mergedLabels(profiles),
    confidence: mergedConfidence(profiles.map(({ confidence }) => confidence)),
  };
  return inOrderOfTime(merged);
}

/** The first of profiles that may be added together. Throws when they may not. */
function checkedAlike(profiles: readonly Profile[]): Profile {
  const [first, ...others] = profiles;
  if (first === undefined) throw new FormatError("expected profiles to merge, got none");
  for (const { kind, event, unit } of others) {
    if (kind === first.kind && event === first.event && unit === first.unit) continue;
    throw new FormatError(
      `expected profiles of ${first.kind} '${first.event}' in ${first.unit}, got ${kind} '${event}' in ${unit}`,
    );
  }
  return first;
}

function mergedStacks(profiles: readonly Profile[]): Pick<Profile, "stacks" | "sampleStack"> {
  const table = profiles[0]!.stacks;
  if (profiles.every(({ stacks }) => stacks === table)) {
    return { stacks: table, sampleStack: joinedIntegers(profiles.map(({ sampleStack }) => sampleStack)) };
  }
  const builder = new StackBuilder();
  const columns = profiles.map(({ stacks, sampleStack }) => renumbered(sampleStack, addStacks(builder, stacks)));
  return { stacks: builder.table(), sampleStack: joinedIntegers(columns) };
}

function mergedTimes(parts: readonly Part[]): Pick<Profile, "sampleSeconds"> {
  const columns = parts.flatMap(({ profile: { sampleSeconds }, secondsOffset }) =>
    sampleSeconds && secondsOffset !== undefined ? [sampleSeconds.map((seconds) => seconds + secondsOffset)] : [],
  );
  return columns.length === parts.length ? { sampleSeconds: joinedNumbers(columns) } : {};
}

function mergedThreads(parts: readonly Part[]): Pick<Profile, "sampleThread"> {
  if (parts.every(({ profile, threadOffset }) => profile.sampleThread === undefined || threadOffset === undefined)) {
    return {};
  }
  const columns = parts.map(({ profile, threadOffset = 0 }) =>
    columnOr(profile, profile.sampleThread).map((thread) => (thread < 0 ? -1 : thread + threadOffset)),
  );
  return { sampleThread: joinedIntegers(columns) };
}

function mergedLines(profiles: readonly Profile[]): Pick<Profile, "sampleLine"> {
  if (profiles.every(({ sampleLine }) => sampleLine === undefined)) return {};
  const columns = profiles.map((profile) => profile.sampleLine ?? new Int32Array(profile.sampleStack.length));
  return { sampleLine: joinedIntegers(columns) };
}

function mergedLabels(profiles: readonly Profile[]): Pick<Profile, "sampleLabel" | "labels"> {
  if (profiles.every(({ sampleLabel }) => sampleLabel === undefined)) return {};
  const indexOf = new Map<string, number>();
  const columns = profiles.map((profile) => {
    const merged = (profile.labels ?? []).map((label) => {
      const index = indexOf.get(label) ?? indexOf.size;
      indexOf.set(label, index);
      return index;
    });
    return renumbered(columnOr(profile, profile.sampleLabel), Int32Array.from(merged));
  });
  return { sampleLabel: joinedIntegers(columns), labels: [...indexOf.keys()] };
}

/** Sums of what is lost; what was configured only where all agree. */
function mergedConfidence(all: readonly ProfileConfidence[]): ProfileConfidence {
  const sumOf = (key: "samplesWithoutStack" | "truncatedStacks") => all.reduce((sum, one) => sum + one[key], 0);
  const lost = all.flatMap(({ lostSamples }) => lostSamples ?? []);
  const { intervalSeconds, thresholdSeconds, throttle } = all[0]!;
  return {
    ...(intervalSeconds !== undefined &&
      all.every((one) => one.intervalSeconds === intervalSeconds) && { intervalSeconds }),
    ...(thresholdSeconds !== undefined &&
      all.every((one) => one.thresholdSeconds === thresholdSeconds) && { thresholdSeconds }),
    ...(throttle !== undefined && all.every((one) => one.throttle === throttle) && { throttle }),
    ...(lost.length > 0 && { lostSamples: lost.reduce((sum, count) => sum + count, 0) }),
    samplesWithoutStack: sumOf("samplesWithoutStack"),
    truncatedStacks: sumOf("truncatedStacks"),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
  };
}

/** Parts may overlap in time. */
function inOrderOfTime(profile: Profile): Profile {
  const seconds = profile.sampleSeconds;
  if (seconds === undefined || seconds.every((time, sample) => sample === 0 || time >= seconds[sample - 1]!)) {
    return profile;
  }
  const rows = Int32Array.from(seconds.keys());
  return rowsOf(
    profile,
    rows.sort((a, b) => seconds[a]! - seconds[b]! || a - b),
  );
}

function columnOr({ sampleStack }: Profile, column: Int32Array | undefined): Int32Array {
  return column ?? new Int32Array(sampleStack.length).fill(-1);
}

function renumbered(column: Int32Array, numberOf: Int32Array): Int32Array {
  return column.map((index) => (index < 0 ? -1 : numberOf[index]!));
}

function joinedIntegers(columns: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(columns.reduce((length, column) => length + column.length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}

function joinedNumbers(columns: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(columns.reduce((length, column) => length + column.length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}
