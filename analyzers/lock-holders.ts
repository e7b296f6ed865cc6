import { formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type StallGroup, subjectOf } from "./stall-groups.ts";
import { isStall, type StallKind, stallKinds, stallWords } from "./stall-kinds.ts";
import type { Stalls } from "./stalls.ts";

/** Threads of one pool that had a lock while others waited for it. */
export interface LockHolder {
  readonly pool: string;
  /** Of the waits. */
  readonly share: number;
  /** What the holder stood still for during most of the waiting: `fsync on /data/wal/*.log (83 % of it)`. */
  readonly doing: string | undefined;
}

/** From what share of the waiting on the holder's own standing still is told. */
const tellingShare = 0.3;

/** Who had the monitor before, by pool; of locks of `java.util.concurrent` the JVM does not say. */
export function holdersOf(recording: RecordingEvidence, stalls: Stalls, group: StallGroup): readonly LockHolder[] {
  const rows = group.rows.filter((row) => stalls.owner[row]! >= 0);
  if (rows.length === 0) return [];
  const timeline = stallsByThread(stalls);
  const byPool = Map.groupBy(rows, (row) => recording.threads[stalls.owner[row]!]?.pool ?? "unknown");
  return [...byPool]
    .map(([pool, members]) => ({
      pool,
      share: members.length / rows.length,
      doing: doingOf(stalls, members, timeline),
    }))
    .sort((a, b) => b.share - a.share || (a.pool < b.pool ? -1 : 1));
}

/** Rows by thread, in the order of their start. */
export function stallsByThread(stalls: Stalls): ReadonlyMap<number, readonly number[]> {
  const byThread = Map.groupBy(
    Array.from({ length: stalls.count }, (_, row) => row),
    (row) => stalls.thread[row]!,
  );
  for (const rows of byThread.values()) rows.sort((a, b) => stalls.start[a]! - stalls.start[b]!);
  return byThread;
}

/** What a thread did in that time, with the seconds of it; waiting for locks itself does not count. */
export function* stallsDuring(
  stalls: Stalls,
  rows: readonly number[],
  [start, end]: readonly [number, number],
): Generator<{ readonly row: number; readonly seconds: number }> {
  for (let at = firstEndingAfter(stalls, rows, start); at < rows.length; at++) {
    const row = rows[at]!;
    if (stalls.start[row]! >= end) return;
    const seconds = Math.min(end, stalls.end[row]!) - Math.max(start, stalls.start[row]!);
    if (seconds > 0) yield { row, seconds };
  }
}

/** Stalls of one thread do not overlap, so their ends are in order too. */
function firstEndingAfter(stalls: Stalls, rows: readonly number[], seconds: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (stalls.end[rows[middle]!]! > seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}

function doingOf(
  stalls: Stalls,
  waits: readonly number[],
  timeline: ReadonlyMap<number, readonly number[]>,
): string | undefined {
  const seconds = new Map<string, number>();
  let waited = 0;
  for (const wait of waits) {
    const span = [stalls.start[wait]!, stalls.end[wait]!] as const;
    waited += span[1] - span[0];
    for (const part of stallsDuring(stalls, timeline.get(stalls.owner[wait]!) ?? [], span)) {
      const what = activityOf(stalls, part.row);
      if (what !== undefined) seconds.set(what, (seconds.get(what) ?? 0) + part.seconds);
    }
  }
  const [most] = [...seconds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (most === undefined || most[1] < tellingShare * waited) return undefined;
  return `${most[0]} (${formatPercent(Math.min(1, most[1] / waited))} of the waiting)`;
}

const notTelling: readonly StallKind[] = ["monitor", "lock", "idle"];

function activityOf(stalls: Stalls, row: number): string | undefined {
  const kind = stallKinds[stalls.kind[row]!]!;
  if (notTelling.includes(kind)) return undefined;
  const label = stalls.labels[stalls.label[row]!];
  const isTold = label !== undefined && isStall(stalls.kind[row]!) && kind !== "queue";
  return isTold ? `${stallWords[kind]} on ${subjectOf(label)}` : stallWords[kind];
}
