import type { RecordingEvidence } from "../src/model/recording.ts";
import { type StallGroup, subjectOf } from "./stall-groups.ts";
import { isStall, stallKinds, stallWords } from "./stall-kinds.ts";
import type { StallLookup } from "./stall-lookup.ts";
import type { Stalls } from "./stalls.ts";

/** Who had a lock while others waited for it, and what it did. */
export interface LockHolder {
  /** Undefined of locks of which neither the JVM nor stacks say who had them. */
  readonly pool: string | undefined;
  /** Of the waiting, the part behind this pool. */
  readonly share: number;
  /** What the holder stood still for meanwhile: `fsync on /data/wal/*.log`. */
  readonly doing: string | undefined;
  /** Whether the JVM says who had the lock; otherwise stacks do. */
  readonly isTold: boolean;
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
  const busy = busyHolder(recording, stalls, { lookup, waits: group.rows });
  if (busy !== undefined) return { ...busy, isTold: main !== undefined };
  return {
    pool: main?.[0],
    share: main === undefined ? 0 : main[1].length / group.rows.length,
    doing: undefined,
    isTold: main !== undefined,
  };
}

/** Who stood still for what during most of the waiting, at the head of the queue. */
function busyHolder(
  recording: RecordingEvidence,
  stalls: Stalls,
  { lookup, waits }: { readonly lookup: StallLookup; readonly waits: readonly number[] },
) {
  const found = new Map<string, { pool: string; doing: string; seconds: number }>();
  let waited = 0;
  for (const wait of waits) {
    const start = stalls.start[wait]!;
    const end = stalls.end[wait]!;
    waited += end - start;
    for (const { row, from, to } of lookup.ofHolder(wait, start, end)) {
      const { pool } = recording.threads[stalls.thread[row]!]!;
      const doing = activityOf(stalls, row);
      const entry = found.get(`${pool}\n${doing}`) ?? { pool, doing, seconds: 0 };
      found.set(`${pool}\n${doing}`, entry);
      entry.seconds += to - from;
    }
  }
  const [most] = [...found.values()].sort((a, b) => b.seconds - a.seconds || (a.doing < b.doing ? -1 : 1));
  if (most === undefined || most.seconds < tellingShare * waited) return undefined;
  return { pool: most.pool, doing: most.doing, share: Math.min(1, most.seconds / waited) };
}

function activityOf(stalls: Stalls, row: number): string {
  const kind = stallKinds[stalls.kind[row]!]!;
  const label = stalls.labels[stalls.label[row]!];
  const isTold = label !== undefined && isStall(stalls.kind[row]!) && kind !== "queue";
  return isTold ? `${stallWords[kind]} on ${subjectOf(label)}` : stallWords[kind];
}
