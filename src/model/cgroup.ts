import type { Bytes } from "./units.ts";

/** Time that tasks waited for a resource, as the kernel's pressure stall information has it; seconds since the group began. */
export interface Pressure {
  readonly someSeconds: number;
  /** Undefined where the kernel does not tell (the whole machine's cpu). */
  readonly fullSeconds: number | undefined;
}

/** What the control groups around one process say. A limit is the tightest one from its own group up to the root that can be seen. */
export interface Cgroup {
  readonly version: 1 | 2;
  readonly path: string;
  readonly memory: CgroupMemory | undefined;
  readonly cpu: CgroupCpu | undefined;
  readonly pressure: { readonly cpu?: Pressure; readonly memory?: Pressure; readonly io?: Pressure };
}

export interface CgroupMemory {
  /** Undefined: no limit. */
  readonly limitBytes: Bytes | undefined;
  /** `memory.high`; undefined: none. */
  readonly highBytes: Bytes | undefined;
  readonly usageBytes: Bytes;
  /** Usage less the page cache that the kernel can drop without pain (inactive file pages), as Kubernetes counts it. */
  readonly workingSetBytes: Bytes;
  readonly anonymousBytes: Bytes;
  readonly fileBytes: Bytes;
  readonly kernelBytes: Bytes | undefined;
  readonly shmemBytes: Bytes;
  readonly swapBytes: Bytes | undefined;
  /** What the kernel can neither drop nor write back: anonymous and shared pages and, in version 2, its own less the reclaimable. */
  readonly unreclaimableBytes: Bytes;
  /** The least, over the groups with a limit, of the limit less their working set; undefined: no limit. */
  readonly headroomBytes: Bytes | undefined;
  /** Since the group began: `low high max oom oom_kill …` of `memory.events`. */
  readonly events: Readonly<Record<string, number>>;
}

export interface CgroupCpu {
  /** CPUs that the quota allows; undefined: no quota. */
  readonly limitCpus: number | undefined;
  readonly usageSeconds: number | undefined;
  readonly periods: number | undefined;
  readonly throttledPeriods: number | undefined;
  readonly throttledSeconds: number | undefined;
}
