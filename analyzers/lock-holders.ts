import { formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { type StallGroup, subjectOf } from "./stall-groups.ts";
import { isStall, stallKinds, stallWords } from "./stall-kinds.ts";
import type { StallLookup } from "./stall-lookup.ts";
import type { Stalls } from "./stalls.ts";

/** Who had a lock while others waited for it, and what it did. */
export interface LockHolder {
  /** Pool of most of those who had the monitor before; undefined of locks of which the JVM does not say. */
  readonly pool: string | undefined;
  /** Of the waits, those behind this pool. */
  readonly share: number;
  /** What the holder stood still for during most of the waiting: `fsync on /data/wal/*.log (83 % of the waiting)`. */
  readonly doing: string | undefined;
}

/** From what share of the waiting on the holder's own standing still is told. */
const tellingShare = 0.3;

/** The main holder of a lock. */
export function holderOf(
  recording: RecordingEvidence,
  stalls: Stalls,
  { lookup, group }: { readonly lookup: StallLookup; readonly group: StallGroup },
): LockHolder {
  const owned = group.rows.filter((row) => stalls.owner[row]! >= 0);
  const byPool = Map.groupBy(owned, (row) => recording.threads[stalls.owner[row]!]!.pool);
  const [main] = [...byPool].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  return {
    pool: main?.[0],
    share: main === undefined ? 0 : main[1].length / group.rows.length,
    doing: doingOf(stalls, group.rows, lookup),
  };
}

function doingOf(stalls: Stalls, waits: readonly number[], lookup: StallLookup): string | undefined {
  const seconds = new Map<string, number>();
  let waited = 0;
  for (const wait of waits) {
    const start = stalls.start[wait]!;
    const end = stalls.end[wait]!;
    waited += end - start;
    for (const { row, from, to } of lookup.ofHolder(wait, start, end)) {
      const what = activityOf(stalls, row);
      seconds.set(what, (seconds.get(what) ?? 0) + to - from);
    }
  }
  const [most] = [...seconds].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (most === undefined || most[1] < tellingShare * waited) return undefined;
  return `${most[0]} (${formatPercent(Math.min(1, most[1] / waited))} of the waiting)`;
}

function activityOf(stalls: Stalls, row: number): string {
  const kind = stallKinds[stalls.kind[row]!]!;
  const label = stalls.labels[stalls.label[row]!];
  const isTold = label !== undefined && isStall(stalls.kind[row]!) && kind !== "queue";
  return isTold ? `${stallWords[kind]} on ${subjectOf(label)}` : stallWords[kind];
}
