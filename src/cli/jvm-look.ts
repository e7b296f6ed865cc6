import { heapKindOf } from "../formats/hsperfdata/heap-kind.ts";
import { heapPoolsOf, heapUseOf, isUseLive, poolUseOf } from "../formats/hsperfdata/memory-pools.ts";
import { createDiscovery } from "../jvm/discovery.ts";
import { openPerfCounters } from "../jvm/perf-counters.ts";
import { readStatus } from "../jvm/proc-reads.ts";
import { refineIdentity } from "../jvm/refine-identity.ts";
import type { Answer } from "../model/answer.ts";
import type { DiscoveredJvm } from "../model/jvm-source.ts";
import type { PerfCounters, TargetIdentity } from "../model/target.ts";
import type { Bytes } from "../model/units.ts";

/** A JVM, with what one look at its counters and its process tells. Undefined is what cannot be told from there. */
export interface JvmLook extends DiscoveredJvm {
  readonly uptimeSeconds: number;
  readonly residentBytes: Bytes | undefined;
  readonly heap: HeapLook | undefined;
  readonly pauses: PauseLook | undefined;
}

export interface HeapLook {
  readonly usedBytes: Bytes;
  readonly limitBytes: Bytes | undefined;
  /** In use after the last collection; undefined before the first, and where the collector does not show it. */
  readonly afterGcBytes: Bytes | undefined;
}

/** Pauses for collections since the JVM began. */
export interface PauseLook {
  readonly count: number;
  readonly totalSeconds: number;
}

/** Looks once at every JVM that can be seen. */
export async function lookAtJvms(procRoot: string, signal: AbortSignal): Promise<readonly JvmLook[]> {
  const jvms = await createDiscovery({ procRoot }).list(signal);
  return jvms.map((jvm) => lookAt(jvm, procRoot, Date.now()));
}

function lookAt(jvm: DiscoveredJvm, procRoot: string, nowMillis: number): JvmLook {
  const { identity, kind } = jvm;
  const answer = kind === "hotspot" ? readCounters(identity, procRoot) : undefined;
  const counters = answer?.ok ? answer.value : undefined;
  return {
    ...jvm,
    identity: refineIdentity(identity, { perfCounters: counters }),
    uptimeSeconds: Math.max(nowMillis - identity.startedAtMillis, 0) / 1000,
    residentBytes: readStatus(`${procRoot}/${identity.pid}`)?.residentBytes,
    heap: counters && heapOf(counters),
    pauses: counters && pausesOf(counters),
  };
}

/** Reads the JVM's perf counters once, and keeps nothing open. */
export function readCounters(identity: TargetIdentity, procRoot: string): Answer<PerfCounters> {
  const { pid, namespacePid, startedAtMillis } = identity;
  const source = openPerfCounters({ pid, namespacePid, startedAtMillis, procRoot });
  try {
    return source.read();
  } finally {
    source.close();
  }
}

function heapOf(counters: PerfCounters): HeapLook | undefined {
  const use = heapUseOf(counters);
  return (
    use && { usedBytes: use.usedBytes, limitBytes: use.limitBytes, afterGcBytes: afterGcBytes(counters, use.usedBytes) }
  );
}

/** Collections leave the first space of the young generation empty; where use is not told in between, it is that after the last one. */
function afterGcBytes(counters: PerfCounters, usedBytes: Bytes): Bytes | undefined {
  const kind = heapKindOf(counters);
  if (kind === undefined || collectionsOf(counters).count === 0) return undefined;
  if (!isUseLive(kind, counters)) return usedBytes;
  const eden = heapPoolsOf(kind).find(({ generation }) => generation === "young");
  return eden && usedBytes - (poolUseOf(eden, counters)?.usedBytes ?? 0);
}

/** Shenandoah counts its work beside the program as pauses, so its counters do not tell them. */
function pausesOf(counters: PerfCounters): PauseLook | undefined {
  const kind = heapKindOf(counters);
  return kind === undefined || kind.collector === "Shenandoah" ? undefined : collectionsOf(counters);
}

function collectionsOf(counters: PerfCounters): PauseLook {
  let count = 0;
  let totalSeconds = 0;
  for (const name of counters.names) {
    const collector = /^sun\.gc\.collector\.\d+(?=\.invocations$)/.exec(name)?.[0];
    if (collector === undefined) continue;
    count += counters.number(name) ?? 0;
    totalSeconds += counters.seconds(`${collector}.time`) ?? 0;
  }
  return { count, totalSeconds };
}
