/** What kind of reason a collection of the whole heap can have. */
export type CauseName = "systemGc" | "diagnosis" | "codeCache" | "metadata" | "humongous" | "outOfMemory" | "other";

interface CauseKind {
  readonly isRequested: boolean;
  /** By code of the program, and not by somebody who looks at it. */
  readonly isByProgram?: boolean;
  readonly because: string;
  readonly advice: string;
}

/** Why collections of the whole heap are, and what to do about each kind of reason. */
export const causeKinds: Readonly<Record<CauseName, CauseKind>> = {
  systemGc: {
    isRequested: true,
    isByProgram: true,
    because: "because of System.gc()",
    advice:
      "Remove the call, or let it not stop the program: -XX:+ExplicitGCInvokesConcurrent (G1, ZGC and Shenandoah). -XX:+DisableExplicitGC only if the program has few direct buffers: they are freed by such calls when they run short.",
  },
  diagnosis: {
    isRequested: true,
    because: "asked for from outside, to look into the heap",
    advice: "Find which tool takes heap dumps or class histograms of this JVM, and let it do so when nobody waits.",
  },
  codeCache: {
    isRequested: false,
    because: "to find compiled code that can go, because room for more runs short",
    advice: "See jvm/code-cache: raise -XX:ReservedCodeCacheSize.",
  },
  metadata: {
    isRequested: false,
    because: "because class metadata reached a threshold",
    advice:
      "If it is at start only, set -XX:MetaspaceSize to what the program needs after it; if it goes on, classes leak: see jvm/metaspace and jvm/class-loading.",
  },
  humongous: {
    isRequested: false,
    because: "because no room was found for a big object",
    advice:
      "Make -XX:G1HeapRegionSize more than twice the size of these objects, or do not allocate them: see gc/humongous.",
  },
  outOfMemory: {
    isRequested: false,
    because: "because the heap was full",
    advice:
      "Compare the live set with -Xmx in sections.gc: if it is near, raise -Xmx or hold less; if not, allocation outruns the collector: start its cycles earlier (G1: -XX:InitiatingHeapOccupancyPercent) or allocate less.",
  },
  other: {
    isRequested: false,
    because: "for other causes",
    advice: "See the causes above; compare the live set with -Xmx in sections.gc.",
  },
};

const patterns: readonly (readonly [RegExp, CauseName])[] = [
  [/^System\.gc/, "systemGc"],
  [/Heap Dump|Heap Inspection|Diagnostic Command|JvmtiEnv|WhiteBox/i, "diagnosis"],
  [/^CodeCache GC/, "codeCache"],
  [/Metadata GC/, "metadata"],
  [/Humongous/, "humongous"],
  [
    /Allocation|Evacuation|Compaction|Ergonomics|Last ditch|Failure|Upgrade|GCLocker|Old Generation|Promotion|Proactive/i,
    "outOfMemory",
  ],
];

/** What kind of reason a cause is that the JVM gives. */
export function kindOfCause(cause: string): CauseName {
  return patterns.find(([pattern]) => pattern.test(cause))?.[1] ?? "other";
}
