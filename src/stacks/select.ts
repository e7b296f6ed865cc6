import type { Profile, ProfileThread } from "../model/profile.ts";

/** Which samples are wanted; what is absent selects nothing away. */
export interface Selection {
  /** Seconds since the recording's start: from this moment on, and before that one. Samples without a time are not in any window. */
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
  /** By the thread's name or pool. Samples of unknown threads are not of any thread. */
  readonly isThread?: (thread: ProfileThread) => boolean;
  /** By the class allocated, the path read and the like. */
  readonly isLabel?: (label: string) => boolean;
  /** Samples with such a frame anywhere in their stack. */
  readonly isFrame?: (frameName: string) => boolean;
}

/** The profile with the selected samples alone; its stacks stay as they are. */
export function selectSamples(profile: Profile, selection: Selection, threads: readonly ProfileThread[] = []): Profile {
  const isSelected = sampleTest(profile, selection, threads);
  const rows = new Int32Array(profile.sampleStack.length);
  let count = 0;
  for (let sample = 0; sample < rows.length; sample++) if (isSelected(sample)) rows[count++] = sample;
  return count === rows.length ? profile : rowsOf(profile, rows.subarray(0, count));
}

function sampleTest(profile: Profile, selection: Selection, threads: readonly ProfileThread[]) {
  const tests = [
    windowTest(profile, selection),
    choiceTest(profile.sampleThread, selection.isThread && threads.map(selection.isThread)),
    choiceTest(profile.sampleLabel, selection.isLabel && (profile.labels ?? []).map(selection.isLabel)),
    choiceTest(profile.sampleStack, selection.isFrame && stacksWith(profile, selection.isFrame)),
  ].filter((test) => test !== undefined);
  return (sample: number) => tests.every((test) => test(sample));
}

function windowTest({ sampleSeconds }: Profile, { fromSeconds = -Infinity, toSeconds = Infinity }: Selection) {
  if (fromSeconds === -Infinity && toSeconds === Infinity) return undefined;
  return (sample: number) => {
    const seconds = sampleSeconds?.[sample] ?? Number.NaN;
    return seconds >= fromSeconds && seconds < toSeconds;
  };
}

/** By an index that each sample has, and the verdict on each index. */
function choiceTest(index: Int32Array | undefined, isChosen: ArrayLike<boolean | number> | undefined) {
  if (isChosen === undefined) return undefined;
  return (sample: number) => Boolean(isChosen[index?.[sample] ?? -1]);
}

/** Callers precede callees: a stack has the frame at its leaf, or its caller has it. */
function stacksWith({ stacks }: Profile, isFrame: (name: string) => boolean): Uint8Array {
  const isWanted = stacks.frameNames.map(isFrame);
  const has = new Uint8Array(stacks.stackFrame.length);
  for (let stack = 0; stack < has.length; stack++) {
    const caller = stacks.stackCaller[stack]!;
    has[stack] = isWanted[stacks.stackFrame[stack]!] || (caller >= 0 && has[caller] === 1) ? 1 : 0;
  }
  return has;
}

/** The profile with these rows of its columns, in this order. */
export function rowsOf(profile: Profile, rows: Int32Array): Profile {
  const { sampleSeconds, sampleThread, sampleLine, sampleLabel } = profile;
  return {
    ...profile,
    sampleStack: integersAt(profile.sampleStack, rows),
    sampleWeight: numbersAt(profile.sampleWeight, rows),
    sampleCount: numbersAt(profile.sampleCount, rows),
    ...(sampleSeconds && { sampleSeconds: numbersAt(sampleSeconds, rows) }),
    ...(sampleThread && { sampleThread: integersAt(sampleThread, rows) }),
    ...(sampleLine && { sampleLine: integersAt(sampleLine, rows) }),
    ...(sampleLabel && { sampleLabel: integersAt(sampleLabel, rows) }),
  };
}

function integersAt(values: Int32Array, rows: Int32Array): Int32Array {
  const picked = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = values[rows[index]!]!;
  return picked;
}

function numbersAt(values: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) picked[index] = values[rows[index]!]!;
  return picked;
}
