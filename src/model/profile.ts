import type { Unit } from "./units.ts";

/** What a profile's weight means; two kinds are never added together. */
export const profileKinds = [
  "cpu",
  "wall",
  "alloc",
  "live",
  "lock",
  "io",
  "native",
  "native-leak",
  "exceptions",
  "gc",
  "safepoint",
  "latency",
  "unknown",
] as const;
export type ProfileKind = (typeof profileKinds)[number];

/** Where a frame's code comes from; how the JVM ran a Java method (interpreted, compiled, inlined) is not kept apart. */
export const frameKinds = ["java", "native", "kernel", "cpp", "other"] as const;
export type FrameKind = (typeof frameKinds)[number];

/**
 * Call stacks as a tree in columns, shared by all profiles of one recording. A stack is a number: its leaf frame, and the
 * stack that called it, which has a smaller number. Equal stacks have equal numbers.
 */
export interface StackTable {
  /** `com.acme.store.Wal.append` in source form, or a symbol; distinct together with their kind. */
  readonly frameNames: readonly string[];
  /** Index into `frameKinds`, by frame. */
  readonly frameKindOf: Uint8Array;
  /** Frame at the leaf end, by stack. */
  readonly stackFrame: Int32Array;
  /** Stack without that frame, −1 when none is left; always smaller than the stack itself. */
  readonly stackCaller: Int32Array;
}

/** What bounds the trust in a profile's numbers; absent where the recording does not tell. */
export interface ProfileConfidence {
  /** Seconds between samples as configured, of a sampled profile. */
  readonly intervalSeconds?: number;
  /** Samples that the profiler says it lost or could not take. */
  readonly lostSamples?: number;
  /** Events shorter than this are not in the recording. */
  readonly thresholdSeconds?: number;
  /** The JVM kept at most so many events a second: `100/s`. */
  readonly throttle?: string;
  /** Samples without a stack, and with one that was cut at the JVM's limit of depth. */
  readonly samplesWithoutStack: number;
  readonly truncatedStacks: number;
  /** Sentences for people: what is not in these numbers, and why. */
  readonly notes: readonly string[];
}

/**
 * One kind of weight over call stacks: columns of samples, in the order of time where times are known. Samples of equal
 * stack, thread, label and time bucket may have been added together: `sampleCount` says how many events each row stands for.
 */
export interface Profile {
  readonly kind: ProfileKind;
  /** Event that it is made of: `jdk.ExecutionSample`; or the type of value: `alloc_space`. One profile, one event. */
  readonly event: string;
  readonly unit: Unit;
  readonly stacks: StackTable;
  /** Stack, by sample; −1 when it has none. */
  readonly sampleStack: Int32Array;
  /** In `unit`; signed in a difference. */
  readonly sampleWeight: Float64Array;
  /** Events per row. */
  readonly sampleCount: Float64Array;
  /** Seconds since the recording's start. */
  readonly sampleSeconds?: Float64Array;
  /** Index into the recording's threads, −1 unknown. */
  readonly sampleThread?: Int32Array;
  /** Line of the leaf frame, 0 unknown. */
  readonly sampleLine?: Int32Array;
  /** Index into `labels`, −1 none: class allocated or locked, path or host read, class of the exception. */
  readonly sampleLabel?: Int32Array;
  readonly labels?: readonly string[];
  readonly confidence: ProfileConfidence;
}

/** A thread of a recording or profile. */
export interface ProfileThread {
  readonly name: string;
  /** `kafka-request-handler-*`: threads of one pool have one name here. */
  readonly pool: string;
  readonly javaId: number | undefined;
  readonly osId: number | undefined;
  readonly isVirtual: boolean;
}

/** All profiles of one file. */
export interface ProfileSet {
  readonly profiles: readonly Profile[];
  readonly threads: readonly ProfileThread[];
  /** Milliseconds since the epoch; undefined when the file does not say. */
  readonly startMillis: number | undefined;
  /** Wall time that the profiles cover. */
  readonly durationSeconds: number | undefined;
  /** Types with many events of which only is known that they have a stack: no profile is made of them unless asked for by name. */
  readonly omitted?: readonly { readonly event: string; readonly events: number }[];
}
