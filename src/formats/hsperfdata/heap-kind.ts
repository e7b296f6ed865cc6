import type { CollectorName, PerfCounters } from "../../model/target.ts";

/** Which collector a JVM runs, as its counters tell it. */
export interface HeapKind {
  readonly collector: CollectorName;
  /** Whether it is the generational kind of ZGC or Shenandoah. */
  readonly generational: boolean;
}

const policies: Readonly<Record<string, CollectorName>> = {
  "Copy:MSC": "Serial",
  "ParScav:MSC": "Parallel",
  "ParNew:CMS": "CMS",
  GarbageFirst: "G1",
};

/** Undefined before the heap has its counters, and for a collector that is not known here. */
export function heapKindOf(counters: PerfCounters): HeapKind | undefined {
  const policy = policies[counters.text("sun.gc.policy.name") ?? ""];
  if (policy !== undefined) return { collector: policy, generational: false };
  const major = counters.text("sun.gc.collector.2.name") ?? "";
  if (/^Z(GC)? /.test(major)) return { collector: "ZGC", generational: counters.number(youngCapacity) !== undefined };
  if (counters.text("sun.gc.collector.1.name")?.startsWith("Shenandoah")) {
    const flags = counters.text("java.rt.vmArgs") ?? "";
    return { collector: "Shenandoah", generational: flags.includes("ShenandoahGCMode=generational") };
  }
  const hasHeapOnly = counters.text("sun.gc.generation.1.name") === "Heap";
  return hasHeapOnly ? { collector: "Epsilon", generational: false } : undefined;
}

const youngCapacity = "sun.gc.generation.0.capacity";
