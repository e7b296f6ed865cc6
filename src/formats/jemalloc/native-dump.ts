import type { NativeHeapDump, NativePoolUse } from "../../model/native-evidence.ts";
import { poolOf } from "../../model/thread-pool.ts";
import type { HeapProfile } from "./heap-profile.ts";
import { scaleOf } from "./sampling.ts";

type FileFacts = Pick<NativeHeapDump, "name" | "fileBytes" | "takenAtMillis" | "sequence">;

/** Sites of one file, and its columns by site. */
export interface DumpOfFile {
  readonly siteStack: Int32Array;
  readonly dump: NativeHeapDump;
}

/** Sums up the rows of all threads by named stack, each un-biased by itself: sampled counts of different stacks do not add up. */
export function dumpOf(profile: HeapProfile, stackOf: Int32Array, file: FileFacts): DumpOfFile {
  const { rows, sampling } = profile;
  const stacks = [...new Set(stackOf)].sort((a, b) => a - b);
  const siteOf = new Map(stacks.map((stack, site) => [stack, site]));
  const column = () => new Float64Array(stacks.length);
  const dump = {
    ...file,
    ...{
      inuseBytes: column(),
      inuseObjects: column(),
      allocBytes: column(),
      allocObjects: column(),
      samples: column(),
    },
  };
  const stackColumn = rows.stack;
  const threads = rows.thread;
  const objects = rows.inuseObjects;
  const bytes = rows.inuseBytes;
  const { allocated } = rows;
  for (let row = 0; row < rows.length; row++) {
    if (threads[row]! >= 0) continue;
    const site = siteOf.get(stackOf[stackColumn[row]!]!)!;
    const scale = scaleOf(objects[row]!, bytes[row]!, sampling);
    dump.inuseBytes[site]! += bytes[row]! * scale;
    dump.inuseObjects[site]! += objects[row]! * scale;
    dump.samples[site]! += objects[row]!;
    if (allocated === undefined) continue;
    const allocScale = scaleOf(allocated.objects[row]!, allocated.bytes[row]!, sampling);
    dump.allocBytes[site]! += allocated.bytes[row]! * allocScale;
    dump.allocObjects[site]! += allocated.objects[row]! * allocScale;
  }
  return { siteStack: Int32Array.from(stacks), dump };
}

/** Live bytes by pool of threads, where threads have names; the biggest first. */
export function poolsOf({ rows, sampling, threadNames }: HeapProfile): readonly NativePoolUse[] {
  if (threadNames.size === 0) return [];
  const useOf = new Map<number, { inuseBytes: number; samples: number }>();
  const threads = rows.thread;
  const objects = rows.inuseObjects;
  const bytes = rows.inuseBytes;
  for (let row = 0; row < threads.length; row++) {
    const thread = threads[row]!;
    if (thread < 0) continue;
    let use = useOf.get(thread);
    if (use === undefined) {
      use = { inuseBytes: 0, samples: 0 };
      useOf.set(thread, use);
    }
    use.samples += objects[row]!;
    use.inuseBytes += bytes[row]! * scaleOf(objects[row]!, bytes[row]!, sampling);
  }
  const pools = new Map<string, NativePoolUse>();
  for (const [thread, use] of useOf) {
    const pool = poolOf(threadNames.get(thread) ?? `thread ${thread}`);
    const { threads: count, inuseBytes, samples } = pools.get(pool) ?? { threads: 0, inuseBytes: 0, samples: 0 };
    const sums = { inuseBytes: inuseBytes + use.inuseBytes, samples: samples + use.samples };
    pools.set(pool, { pool, threads: count + 1, ...sums });
  }
  return [...pools.values()].sort((a, b) => b.inuseBytes - a.inuseBytes || (a.pool < b.pool ? -1 : 1));
}
