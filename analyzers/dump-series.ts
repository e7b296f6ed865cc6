import type { ThreadDumpSnapshot, ThreadOfDump } from "../src/model/thread-dump.ts";

/** One thread through the dumps of a series. */
export interface ThreadTrack {
  /** By dump; undefined where it is not in it. */
  readonly seen: readonly (ThreadOfDump | undefined)[];
  readonly last: ThreadOfDump;
  /** Dumps at the end in which it has the same stack, the last one included. */
  readonly unmovedDumps: number;
  /** Processor time and wall time between its first and its last dump; undefined where the dumps do not tell. */
  readonly cpu: { readonly cpuSeconds: number; readonly wallSeconds: number } | undefined;
}

/** The Java threads of the last dump, each with what it was before. */
export function tracksOf(dumps: readonly ThreadDumpSnapshot[]): readonly ThreadTrack[] {
  const last = dumps.at(-1);
  if (!last) return [];
  const byKey = dumps.slice(0, -1).map(threadsByKey);
  return last.threads.map((thread) => {
    const key = trackKey(thread);
    const seen = [...byKey.map((threads) => (key === undefined ? undefined : threads.get(key))), thread];
    return { seen, last: thread, unmovedDumps: unmovedOf(seen, thread), cpu: cpuOf(seen, thread) };
  });
}

function threadsByKey({ threads }: ThreadDumpSnapshot): ReadonlyMap<string, ThreadOfDump> {
  return new Map(
    threads.flatMap((thread) => {
      const key = trackKey(thread);
      return key === undefined ? [] : [[key, thread] as const];
    }),
  );
}

/** A thread that is renamed while it works is the same one. */
function trackKey({ identity, name, osId }: ThreadOfDump): string | undefined {
  if (identity !== undefined) return identity;
  return name === "" || osId === undefined ? undefined : `${osId} ${name}`;
}

function unmovedOf(seen: readonly (ThreadOfDump | undefined)[], { frames, state }: ThreadOfDump): number {
  if (frames.length === 0) return 1;
  const moved = seen.findLastIndex((thread) => thread?.frames !== frames || thread.state !== state);
  return seen.length - 1 - moved;
}

function cpuOf(seen: readonly (ThreadOfDump | undefined)[], last: ThreadOfDump): ThreadTrack["cpu"] {
  const first = seen.find((thread) => thread !== undefined);
  if (!first || first === last) return undefined;
  const cpuSeconds = (last.cpuSeconds ?? Number.NaN) - (first.cpuSeconds ?? Number.NaN);
  const wallSeconds = (last.elapsedSeconds ?? Number.NaN) - (first.elapsedSeconds ?? Number.NaN);
  return cpuSeconds >= 0 && wallSeconds > 0 ? { cpuSeconds, wallSeconds } : undefined;
}

/** Seconds from the dump at `from` to the last one; undefined where they do not tell. */
export function secondsSince(dumps: readonly ThreadDumpSnapshot[], from: number): number | undefined {
  const [first, last] = [dumps[from], dumps.at(-1)];
  if (!first || !last) return undefined;
  const ages = [uptimeOf(first), uptimeOf(last)];
  const [before = Number.NaN, after = Number.NaN] = ages;
  const seconds = after - before;
  if (seconds >= 0) return seconds;
  const printed = (last.takenAtSeconds ?? Number.NaN) - (first.takenAtSeconds ?? Number.NaN);
  return printed >= 0 ? printed : undefined;
}

/** Age of the oldest thread: the JVM's own clock is finer than the date that is printed. */
function uptimeOf({ threads }: ThreadDumpSnapshot): number | undefined {
  return threads.reduce<number | undefined>(
    (most, { elapsedSeconds }) => (elapsedSeconds === undefined ? most : Math.max(most ?? 0, elapsedSeconds)),
    undefined,
  );
}
