import { frameKinds, type Profile, type ProfileSet } from "../../model/profile.ts";
import { rowsOf } from "../../stacks/select.ts";
import { usedStacks } from "../../stacks/stack-totals.ts";
import type { ProfileWriter, WriteOptions } from "./profile-writer.ts";

/** Firefox Profiler's processed format; the page brings older versions up to date when it loads them. */
const processedVersion = 48;
const categories = [
  { name: "Other", color: "grey", subcategories: ["Other"] },
  { name: "Java", color: "yellow", subcategories: ["Other"] },
  { name: "Native", color: "blue", subcategories: ["Other"] },
  { name: "Kernel", color: "orange", subcategories: ["Other"] },
] as const;
const categoryOfKind = { java: 1, native: 2, cpp: 2, kernel: 3, other: 0 } as const;

/** For https://profiler.firefox.com: one thread there for every thread that has samples, or for every profile. */
export const firefoxWriter: ProfileWriter = {
  name: "firefox",
  description: "Firefox Profiler (processed profile, JSON)",
  extension: "firefox.json",
  holds: "many",
  write(set, options) {
    return `${JSON.stringify({ meta: metaOf(set, options), libs: [], threads: threadsOf(set) })}\n`;
  },
};

function metaOf({ profiles, startMillis }: ProfileSet, { name, tool }: WriteOptions) {
  const seconds = profiles.find(({ confidence }) => confidence.intervalSeconds !== undefined)?.confidence
    .intervalSeconds;
  return {
    interval: (seconds ?? 0.01) * 1000,
    startTime: startMillis ?? 0,
    processType: 0,
    product: name,
    stackwalk: 1,
    debug: false,
    version: 29,
    preprocessedProfileVersion: processedVersion,
    symbolicated: true,
    importedFrom: `${tool.name} ${tool.version}`,
    categories,
    markerSchema: [],
    usesOnlyOneStackType: true,
    doesNotUseFrameImplementation: true,
    sourceCodeIsNotOnSearchfox: true,
  };
}

function threadsOf({ profiles, threads }: ProfileSet) {
  return profiles.flatMap((profile, index) => {
    const ofProfile = { processName: `${profile.kind}: ${profile.event}`, pid: String(index) };
    return [...rowsByThread(profile)].map(([thread, rows]) => {
      const { name, osId } = threads[thread] ?? { name: ofProfile.processName, osId: undefined };
      return threadOf(rowsOf(profile, rows), { ...ofProfile, name, tid: osId ?? thread });
    });
  });
}

/** Rows of the profile by thread, −1 where none is known. */
function rowsByThread({ sampleThread, sampleStack }: Profile): ReadonlyMap<number, Int32Array> {
  if (sampleThread === undefined) return new Map([[-1, Int32Array.from(sampleStack.keys())]]);
  const rows = new Map<number, number[]>();
  for (const [row, thread] of sampleThread.entries()) {
    const ofThread = rows.get(thread);
    if (ofThread === undefined) rows.set(thread, [row]);
    else ofThread.push(row);
  }
  return new Map([...rows].sort(([a], [b]) => a - b).map(([thread, list]) => [thread, Int32Array.from(list)]));
}

interface ThreadNamed {
  readonly name: string;
  readonly processName: string;
  readonly pid: string;
  readonly tid: number;
}

function threadOf(profile: Profile, named: ThreadNamed) {
  const { stackTable, numberOf, frames } = stackTableOf(profile);
  const times = timesOf(profile);
  return {
    ...named,
    processType: "default",
    isMainThread: false,
    processStartupTime: 0,
    processShutdownTime: null,
    registerTime: 0,
    unregisterTime: null,
    pausedRanges: [],
    samples: {
      stack: Array.from(profile.sampleStack, (stack) => (stack < 0 ? null : numberOf[stack]!)),
      time: times,
      ...weightsOf(profile),
      length: times.length,
    },
    markers: { data: [], name: [], startTime: [], endTime: [], phase: [], category: [], length: 0 },
    stackTable,
    ...frameTablesOf(profile, frames),
  };
}

/** Milliseconds; where the profile has no times, samples stand one millisecond apart, since the page needs an order. */
function timesOf({ sampleSeconds, sampleStack }: Profile): readonly number[] {
  return Array.from(sampleStack, (_, sample) => (sampleSeconds === undefined ? sample : sampleSeconds[sample]! * 1000));
}

function weightsOf({ unit, sampleWeight }: Profile) {
  if (unit === "seconds")
    return { weightType: "tracing-ms", weight: Array.from(sampleWeight, (weight) => weight * 1000) };
  return { weightType: unit === "bytes" ? "bytes" : "samples", weight: [...sampleWeight] };
}

/** The stacks that this thread has, numbered anew, callers first. */
function stackTableOf(profile: Profile) {
  const { stackFrame, stackCaller, frameKindOf } = profile.stacks;
  const isUsed = usedStacks(profile);
  const numberOf = new Int32Array(isUsed.length).fill(-1);
  const frames = new Map<number, number>();
  const frame: number[] = [];
  const prefix: (number | null)[] = [];
  const category: number[] = [];
  for (let stack = 0; stack < isUsed.length; stack++) {
    if (isUsed[stack] === 0) continue;
    const stackFrameNumber = stackFrame[stack]!;
    if (!frames.has(stackFrameNumber)) frames.set(stackFrameNumber, frames.size);
    numberOf[stack] = frame.length;
    frame.push(frames.get(stackFrameNumber)!);
    prefix.push(stackCaller[stack]! < 0 ? null : numberOf[stackCaller[stack]!]!);
    category.push(categoryOf(frameKindOf[stackFrameNumber]!));
  }
  const stackTable = { frame, prefix, category, subcategory: category.map(() => 0), length: frame.length };
  return { stackTable, numberOf, frames: [...frames.keys()] };
}

/** One function and one frame per frame of the profile. */
function frameTablesOf({ stacks }: Profile, frames: readonly number[]) {
  const all = <T>(value: T): T[] => frames.map(() => value);
  const { length } = frames;
  const numbers = [...frames.keys()];
  return {
    frameTable: {
      address: all(-1),
      inlineDepth: all(0),
      category: frames.map((frame) => categoryOf(stacks.frameKindOf[frame]!)),
      subcategory: all(0),
      func: numbers,
      nativeSymbol: all(null),
      innerWindowID: all(0),
      implementation: all(null),
      line: all(null),
      column: all(null),
      length,
    },
    funcTable: {
      name: numbers,
      isJS: all(false),
      relevantForJS: all(false),
      resource: all(-1),
      fileName: all(null),
      lineNumber: all(null),
      columnNumber: all(null),
      length,
    },
    resourceTable: { lib: [], name: [], host: [], type: [], length: 0 },
    nativeSymbols: { libIndex: [], address: [], name: [], functionSize: [], length: 0 },
    stringArray: frames.map((frame) => stacks.frameNames[frame]!),
  };
}

function categoryOf(kindIndex: number): number {
  return categoryOfKind[frameKinds[kindIndex]!];
}
