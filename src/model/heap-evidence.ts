import type { DominatorTree } from "./dominator-tree.ts";
import type { HeapClass } from "./heap-classes.ts";
import type { HeapGraph } from "./heap-graph.ts";
import type { HeapObjects } from "./heap-objects.ts";
import type { Bytes } from "./units.ts";

/** How shallow sizes were found. */
export interface Sizing {
  /** `gaps`: learned from the addresses of neighbours; `mat`: Eclipse MAT's formula; `assumed`: too few objects to learn from. */
  readonly method: "gaps" | "mat" | "assumed";
  readonly headerBytes: number;
  readonly referenceBytes: number;
  readonly alignmentBytes: number;
  /** Share of the classes whose learned size agrees with the field-layout model, 0–1. */
  readonly confidence: number;
  readonly classesAgreeing: number;
  readonly classesCompared: number;
}

/** A part of the file that could not be read. */
export interface Loss {
  /** Byte in the (decompressed) file where reading failed. */
  readonly offset: number;
  readonly bytes: Bytes;
  readonly reason: string;
}

/** Per class, over all objects of the dump (unreachable ones too); index = class index. Fillers are left out and listed apart. */
export interface HeapCensus {
  readonly instances: Float64Array;
  readonly shallowBytes: Float64Array;
}

/** Why a GC root is one, by HPROF's record. */
export type RootKind =
  | "unknown"
  | "jniGlobal"
  | "jniLocal"
  | "javaFrame"
  | "nativeStack"
  | "stickyClass"
  | "threadBlock"
  | "monitorUsed"
  | "threadObject"
  | "other";

/** One root record. Locals of a known thread are edges from the thread's object, not roots of the graph. */
export interface HeapRoot {
  readonly kind: RootKind;
  readonly ordinal: number;
  /** Serial of the thread for locals and thread objects; 0 when none. */
  readonly threadSerial: number;
  /** Depth of the frame that holds a local; −1 when unknown. */
  readonly frame: number;
}

export interface StackFrame {
  readonly className: string;
  readonly method: string;
  readonly source: string | undefined;
  /** Above 0: line; −1 unknown; −2 compiled; −3 native. */
  readonly line: number;
}

/** A thread of the dump: its object and the stack it had. */
export interface HeapThread {
  readonly serial: number;
  readonly ordinal: number;
  readonly frames: readonly StackFrame[];
  /** Ordinals that its frames hold, with the depth of the frame (−1 unknown). */
  readonly locals: readonly { readonly ordinal: number; readonly frame: number }[];
}

/** Facts of the file itself. */
export interface HeapFile {
  readonly name: string;
  readonly fileBytes: Bytes;
  /** `JAVA PROFILE 1.0.2` */
  readonly format: string;
  readonly idBytes: 4 | 8;
  /** Milliseconds since the epoch; 0 when the file does not say. */
  readonly takenAtMillis: number;
  /** Which of the dumps in the file, counted from 1. */
  readonly dump: number;
  readonly dumps: number;
  readonly losses: readonly Loss[];
}

/** A read dump with everything that is computed once and used by many analyzers. */
export interface HeapEvidence {
  readonly file: HeapFile;
  readonly sizing: Sizing;
  readonly classes: readonly HeapClass[];
  readonly census: HeapCensus;
  readonly graph: HeapGraph;
  readonly dominators: DominatorTree;
  readonly reachability: Reachability;
  readonly classRetained: ClassRetained;
  readonly roots: readonly HeapRoot[];
  readonly threads: readonly HeapThread[];
  readonly objects: HeapObjects;
}

/** What one scan of a dump tells, without its graph. */
export interface HistogramEvidence {
  readonly file: HeapFile;
  readonly sizing: Sizing;
  readonly classes: readonly HeapClass[];
  readonly census: HeapCensus;
}

/** Objects and bytes that are reachable no more strongly than each strength, and unreachable ones; per class. */
export interface Reachability {
  /** By `strengths` index, then one more for unreachable objects. */
  readonly objects: Float64Array;
  readonly shallowBytes: Float64Array;
  /** `[level * classCount + classIndex]`, same levels. */
  readonly classObjects: Float64Array;
  readonly classBytes: Float64Array;
}

/** Bytes that each group's objects retain together, counting an object only where no dominator of it belongs to the same group. */
export interface ClassRetained {
  /** By class index. */
  readonly bytesOfClass: Float64Array;
  /** By class index of any class with the loader: keyed by loader ordinal. */
  readonly bytesOfLoader: ReadonlyMap<number, Bytes>;
}
