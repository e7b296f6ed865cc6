import type { Profile, ProfileSet } from "../model/profile.ts";

/** Threads of a page: equal names of one pool are one, whatever recording they are of. */
export interface PageThreads {
  readonly names: readonly string[];
  /** Index into `pools`, by thread. */
  readonly poolOf: readonly number[];
  readonly pools: readonly string[];
  /** Thread in the page, by thread of the file; −1 where no sample is of it. */
  readonly threadIn: ReadonlyMap<ProfileSet, Int32Array>;
}

/** The threads that have samples; each stands for its pool when `onlyPools`. */
export function pageThreads(sets: readonly ProfileSet[], onlyPools: boolean): PageThreads {
  const pools = new Map<string, number>();
  const threads = new Map<string, number>();
  const names: string[] = [];
  const poolOf: number[] = [];
  const threadIn = new Map(
    sets.map((set) => {
      const isUsed = usedThreads(set.profiles, set.threads.length);
      const numbers = Int32Array.from(set.threads, ({ name, pool }, thread) => {
        if (isUsed[thread] === 0) return -1;
        const shown = onlyPools ? pool : name;
        const key = `${pool}\n${shown}`;
        const known = threads.get(key);
        if (known !== undefined) return known;
        const poolIndex = pools.get(pool) ?? pools.size;
        pools.set(pool, poolIndex);
        poolOf.push(poolIndex);
        threads.set(key, names.length);
        return names.push(shown) - 1;
      });
      return [set, numbers] as const;
    }),
  );
  return { names, poolOf, pools: [...pools.keys()], threadIn };
}

function usedThreads(profiles: readonly Profile[], threadCount: number): Uint8Array {
  const isUsed = new Uint8Array(threadCount);
  for (const { sampleThread } of profiles) {
    for (const thread of sampleThread ?? []) if (thread >= 0) isUsed[thread] = 1;
  }
  return isUsed;
}
