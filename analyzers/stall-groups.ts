import type { RecordingEvidence } from "../src/model/recording.ts";
import { type CallSites, siteFrameOf } from "./call-sites.ts";
import { type StallKind, stallKinds } from "./stall-kinds.ts";
import type { Stalls } from "./stalls.ts";

/** Stalls of one kind, at one site, over one thing. */
export interface StallGroup {
  readonly kind: StallKind;
  /** Pattern of the path, peer or class; "" where there is none. */
  readonly subject: string;
  /** Name of the frame that is responsible. */
  readonly site: string;
  readonly rows: readonly number[];
  readonly figures: StallFigures;
}

export interface StallFigures {
  readonly count: number;
  readonly totalSeconds: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
  /** Distinct threads. */
  readonly threads: readonly number[];
  /** Of the time that these threads were alive. */
  readonly share: number;
  /** Threads that stood still on average. */
  readonly meanThreads: number;
  /** Most threads at the same moment. */
  readonly peakThreads: number;
  /** Share of that time in which at least one of them stood still. */
  readonly coverage: number;
}

/** Groups the stalls of these kinds, from the one that cost most. */
export function stallGroupsOf(
  recording: RecordingEvidence,
  stalls: Stalls,
  sites: CallSites,
  kinds: readonly StallKind[],
): readonly StallGroup[] {
  const wanted = new Set(kinds.map((kind) => stallKinds.indexOf(kind)));
  const subjects = new Names(stalls.labels.map(subjectOf));
  const siteNames = new Names(recording.stacks.frameNames);
  const members = new Map<number, { kind: StallKind; subject: string; site: string; rows: number[] }>();
  for (let row = 0; row < stalls.count; row++) {
    if (!wanted.has(stalls.kind[row]!)) continue;
    const subject = subjects.numberOf(stalls.label[row]!);
    const site = siteNames.numberOf(siteFrameOf(recording.stacks, sites, stalls.stack[row]!));
    const key = ((site + 1) * (subjects.count + 1) + subject + 1) * stallKinds.length + stalls.kind[row]!;
    const group = members.get(key);
    if (group !== undefined) group.rows.push(row);
    else {
      const kind = stallKinds[stalls.kind[row]!]!;
      members.set(key, { kind, subject: subjects.nameOf(subject), site: siteNames.nameOf(site), rows: [row] });
    }
  }
  return [...members.values()]
    .map((group) => ({ ...group, figures: figuresOf(stalls, group.rows) }))
    .sort((a, b) => b.figures.totalSeconds - a.figures.totalSeconds || compareGroups(a, b));
}

/** Numbers of names, the same for equal ones. */
class Names {
  readonly #names: readonly string[];
  readonly #first = new Map<string, number>();
  readonly #number: Int32Array;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#number = new Int32Array(names.length).fill(-1);
  }

  get count(): number {
    return this.#names.length;
  }

  /** Of the name at an index; −1 where there is none, or an empty one. */
  numberOf(index: number): number {
    const known = this.#number[index];
    if (known === undefined || known >= 0) return known ?? -1;
    const name = this.#names[index]!;
    if (name === "") return -1;
    const first = this.#first.get(name) ?? index;
    this.#first.set(name, first);
    this.#number[index] = first;
    return first;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? "";
  }
}

function compareGroups(a: { subject: string; site: string }, b: { subject: string; site: string }): number {
  return compareText(`${a.subject}\n${a.site}`, `${b.subject}\n${b.site}`);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How many, how long, how often at once. */
export function figuresOf(stalls: Stalls, rows: readonly number[]): StallFigures {
  const durations = sortedBy(rows, (row) => stalls.end[row]! - stalls.start[row]!);
  const totalSeconds = durations.reduce((sum, each) => sum + each, 0);
  const threads = [...new Set(rows.map((row) => stalls.thread[row]!))];
  const lives = threads.map((thread) => stalls.lifeSeconds[thread]!);
  const wall = Math.max(...lives, 1e-9);
  return {
    count: rows.length,
    totalSeconds,
    p50Seconds: quantile(durations, 0.5),
    p99Seconds: quantile(durations, 0.99),
    maxSeconds: durations.at(-1) ?? 0,
    threads,
    share:
      totalSeconds /
      Math.max(
        1e-9,
        lives.reduce((sum, seconds) => sum + seconds, 0),
      ),
    meanThreads: totalSeconds / wall,
    ...overlapOf(stalls, rows, wall),
  };
}

/** The value that this share of the sorted values does not exceed (nearest rank). */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function overlapOf(stalls: Stalls, rows: readonly number[], wall: number) {
  const starts = sortedBy(rows, (row) => stalls.start[row]!);
  const ends = sortedBy(rows, (row) => stalls.end[row]!);
  let peakThreads = 0;
  let covered = 0;
  let since = 0;
  let open = 0;
  for (let next = 0, ended = 0; ended < ends.length; ) {
    if (next < starts.length && starts[next]! <= ends[ended]!) {
      if (open === 0) since = starts[next]!;
      open++;
      next++;
      peakThreads = Math.max(peakThreads, open);
      continue;
    }
    open--;
    if (open === 0) covered += ends[ended]! - since;
    ended++;
  }
  return { peakThreads, coverage: Math.min(1, covered / wall) };
}

/** Rows mostly come in the order of their start. */
function sortedBy(rows: readonly number[], secondsOf: (row: number) => number): Float64Array {
  const values = new Float64Array(rows.length);
  let isSorted = true;
  for (let index = 0; index < rows.length; index++) {
    values[index] = secondsOf(rows[index]!);
    if (index > 0 && !(values[index]! >= values[index - 1]!)) isSorted = false;
  }
  return isSorted ? values : values.sort();
}

/** Files of one kind and peers of one kind are one subject: `/data/wal/000017.log` is `/data/wal/*.log`. */
export function subjectOf(label: string): string {
  if (label.startsWith("/")) return pathPattern(label);
  const port = /:(\d+)$/.exec(label)?.[1];
  return port !== undefined && Number(port) >= 32_768 ? label.replace(/:\d+$/, ":*") : label;
}

function pathPattern(path: string): string {
  return path
    .replace(/[0-9a-f]{8,}(-[0-9a-f]{2,})*/gi, (run) => (/\d/.test(run) ? "*" : run))
    .replace(/\d+/g, "*")
    .replace(/\*(?:[-_.]?\*)+/g, "*");
}

/** The folder of a path's pattern. */
export function folderOf(subject: string): string {
  const slash = subject.lastIndexOf("/");
  return slash <= 0 ? subject : subject.slice(0, slash);
}
