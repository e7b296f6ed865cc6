import type { Profile, ProfileSet } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type CallSites, siteNameOf } from "./call-sites.ts";
import { outerNameOf } from "./class-names.ts";
import { shortFrameName } from "./frame-names.ts";
import type { SlowWindow } from "./slow-windows.ts";
import { folderOf, subjectOf } from "./stall-groups.ts";
import { isStall, type StallKind, stallKinds, stallWords } from "./stall-kinds.ts";
import type { StallLookup } from "./stall-lookup.ts";
import type { Stalls } from "./stalls.ts";
import { type Stop, stoppedDuring } from "./stops.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";
import { sampleSecondsOf } from "./timeline-series.ts";

/** Everything that a verdict on a window is made of. */
export interface WindowEvidence {
  readonly recording: RecordingEvidence;
  readonly profiles: ProfileSet;
  readonly cpu: Profile | undefined;
  readonly stalls: Stalls;
  readonly stops: readonly Stop[];
  readonly sites: CallSites;
  readonly lookup: StallLookup;
}

/** One thing that the time of the slowed threads went to. */
export interface WindowCause {
  /** `fsync on /data/wal by WalWriter.flush` */
  readonly what: string;
  readonly seconds: number;
  /** Of these, seconds of threads that waited for the lock of the one who did it. */
  readonly behindLockSeconds: number;
  /** Whether the time is lost, and not worked, idled or unknown. */
  readonly isLost: boolean;
}

/** What became of the time of the threads that a window slowed. */
export interface WindowVerdict {
  readonly threads: readonly number[];
  /** Seconds of these threads, which the causes add up to. */
  readonly seconds: number;
  readonly lostSeconds: number;
  /** From the largest. */
  readonly causes: readonly WindowCause[];
}

/** Accounts for every second of the threads that lost much of the window. */
export function windowVerdictOf(evidence: WindowEvidence, window: SlowWindow): WindowVerdict {
  const length = window.toSeconds - window.fromSeconds;
  const running = runningByThread(evidence, window);
  const candidates = threadsIn(evidence, running, window);
  const accounts = candidates
    .map((thread) => accountOf(evidence, window, { thread, running: running.get(thread) ?? 0 }))
    .filter(({ lostSeconds }) => lostSeconds >= hotThresholds.slowWindow.threadShare * length);
  const causes = new Map<string, WindowCause>();
  for (const account of accounts) for (const cause of account.causes.values()) addCause(causes, cause);
  return {
    threads: accounts.map(({ thread }) => thread),
    seconds: accounts.length * length,
    lostSeconds: accounts.reduce((sum, { lostSeconds }) => sum + lostSeconds, 0),
    causes: [...causes.values()].sort((a, b) => b.seconds - a.seconds || (a.what < b.what ? -1 : 1)),
  };
}

function addCause(causes: Map<string, WindowCause>, cause: WindowCause): void {
  if (cause.seconds <= 0) return;
  const known = causes.get(cause.what);
  causes.set(cause.what, {
    ...cause,
    seconds: cause.seconds + (known?.seconds ?? 0),
    behindLockSeconds: cause.behindLockSeconds + (known?.behindLockSeconds ?? 0),
  });
}

/** Processor seconds in the window, by thread. */
function runningByThread({ cpu }: WindowEvidence, window: SlowWindow): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>();
  if (cpu?.sampleSeconds === undefined || cpu.sampleThread === undefined) return seconds;
  const perSample = sampleSecondsOf(cpu);
  for (let sample = 0; sample < cpu.sampleSeconds.length; sample++) {
    const at = cpu.sampleSeconds[sample]!;
    const thread = cpu.sampleThread[sample]!;
    if (thread < 0 || at < window.fromSeconds || at >= window.toSeconds) continue;
    seconds.set(thread, (seconds.get(thread) ?? 0) + perSample(sample));
  }
  return seconds;
}

/** Threads that stood still or ran in the window; those that only idled were not slowed. */
function threadsIn(
  { stalls, recording }: WindowEvidence,
  running: ReadonlyMap<number, number>,
  window: SlowWindow,
): readonly number[] {
  const threads = new Set(running.keys());
  for (let row = 0; row < stalls.count; row++) {
    const isInside = stalls.end[row]! > window.fromSeconds && stalls.start[row]! < window.toSeconds;
    if (isInside && isStall(stalls.kind[row]!)) threads.add(stalls.thread[row]!);
  }
  return [...threads].filter((thread) => !isServiceThread(recording.threads[thread]!)).sort((a, b) => a - b);
}

interface Account {
  readonly thread: number;
  readonly causes: Map<string, WindowCause>;
  lostSeconds: number;
}

/** A thread's window, moment by moment: what it stood still for, else whether the JVM was stopped, else whether it ran. */
function accountOf(
  evidence: WindowEvidence,
  window: SlowWindow,
  { thread, running }: { readonly thread: number; readonly running: number },
): Account {
  const account: Account = { thread, causes: new Map(), lostSeconds: 0 };
  let at = window.fromSeconds;
  let unaccounted = 0;
  for (const { row, from, to } of evidence.lookup.ofThread(thread, window.fromSeconds, window.toSeconds)) {
    unaccounted += addStops(evidence, account, [at, from]);
    addStall(evidence, account, { row, from, to });
    at = to;
  }
  unaccounted += addStops(evidence, account, [at, window.toSeconds]);
  const ran = Math.min(unaccounted, running);
  add(account, { what: "running", seconds: ran });
  add(account, { what: "not recorded (running unsampled, or waits too short)", seconds: unaccounted - ran });
  return account;
}

function add(
  account: Account,
  part: { readonly what: string; readonly seconds: number; readonly isLost?: boolean; readonly isBehindLock?: boolean },
): void {
  const { what, seconds, isLost = false, isBehindLock = false } = part;
  if (isLost) account.lostSeconds += seconds;
  addCause(account.causes, { what, seconds, isLost, behindLockSeconds: isBehindLock ? seconds : 0 });
}

/** Adds what of a span the JVM was stopped for, and returns the rest. */
function addStops({ stops }: WindowEvidence, account: Account, [from, to]: readonly [number, number]): number {
  if (to <= from) return 0;
  const { collection, other } = stoppedDuring(stops, from, to);
  add(account, { what: "garbage collection", seconds: collection, isLost: true });
  add(account, { what: "other stops of the JVM (safepoints)", seconds: other, isLost: true });
  return to - from - collection - other;
}

/** The device works on while the JVM stands still; who waits for another thread waits for the collector too. */
const goesOnWhileStopped: readonly StallKind[] = ["fsync", "file-read", "file-write", "socket-read", "socket-write"];

function addStall(
  evidence: WindowEvidence,
  account: Account,
  { row, from, to }: { readonly row: number; readonly from: number; readonly to: number },
): void {
  const kind = stallKinds[evidence.stalls.kind[row]!]!;
  const isLost = isStall(evidence.stalls.kind[row]!);
  if (!isLost || goesOnWhileStopped.includes(kind)) {
    add(account, { what: whatOf(evidence, row), seconds: to - from, isLost });
    return;
  }
  let rest = addStops(evidence, account, [from, to]);
  for (const part of evidence.lookup.ofHolder(row, from, to)) {
    const seconds = Math.min(rest, part.to - part.from);
    add(account, { what: whatOf(evidence, part.row), seconds, isLost, isBehindLock: true });
    rest -= seconds;
  }
  add(account, { what: whatOf(evidence, row), seconds: rest, isLost });
}

/** `fsync on /data/wal by Wal.flush`; files are told by their folder. */
function whatOf({ recording, stalls, sites }: WindowEvidence, row: number): string {
  const kind = stallKinds[stalls.kind[row]!]!;
  if (kind === "idle") return stallWords.idle;
  const label = stalls.labels[stalls.label[row]!];
  const site = shortFrameName(siteNameOf(recording.stacks, sites, stalls.stack[row]!));
  const by = site === "" ? "" : ` by \`${site}\``;
  if (label === undefined || kind === "queue" || kind === "wait") return `${stallWords[kind]}${by}`;
  if (kind === "monitor" || kind === "lock") return `${stallWords[kind]} (\`${outerNameOf(label)}\`)${by}`;
  return `${stallWords[kind]} on ${label.startsWith("/") ? folderOf(subjectOf(label)) : subjectOf(label)}${by}`;
}
