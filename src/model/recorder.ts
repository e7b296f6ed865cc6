import type { LiveTarget } from "./jvm-source.ts";
import type { Progress } from "./progress.ts";
import type { Bytes } from "./units.ts";

/** What a person wants to know of a JVM. */
export const recordQuestions = ["cpu", "wall", "alloc", "lock", "io", "exceptions", "gc", "native", "heap"] as const;
export type RecordQuestion = (typeof recordQuestions)[number];

/** One capture, as it was asked for. */
export interface RecordRequest {
  readonly questions: readonly RecordQuestion[];
  readonly durationSeconds: number;
  /** Where the result is to be, here. */
  readonly outputPath: string;
  /** The most that a recording may grow to; older parts are dropped beyond. */
  readonly maxBytes: Bytes;
  /** What must stay free on every disk that is written to. */
  readonly reserveBytes: Bytes;
  /** Also events that hold environment, system properties and other processes' command lines. */
  readonly withPrivate: boolean;
  /** Path of libasyncProfiler.so, here; undefined: the JVM's own recorder does what it can. */
  readonly asyncProfilerPath: string | undefined;
}

/** How a capture is told to end and tells what it is doing. */
export interface RecordControl {
  /** Ends the capture now, and keeps what there is. */
  readonly finish: AbortSignal;
  /** Ends it and keeps nothing. */
  readonly abort: AbortSignal;
  readonly progress: Progress;
}

/** What the capture cost the JVM, as far as that can be seen from outside; undefined is what cannot. */
export interface RecordCost {
  /** Processor time of the JVM's recording threads. */
  readonly cpuSeconds: number | undefined;
  /** Resident memory after less before; other things grow meanwhile, too. */
  readonly residentBytes: number | undefined;
  /** How long requests to the JVM stood in its way: its threads stopped, for whatever reason, while they ran. */
  readonly stoppedSeconds: number;
}

export interface Recorded {
  readonly path: string;
  readonly fileBytes: Bytes;
  readonly seconds: number;
  readonly cost: RecordCost;
  /** Sentences for people. */
  readonly notes: readonly string[];
}

/** A JVM that is to be recorded, and where its files are. */
export interface RecordTarget {
  readonly live: LiveTarget;
  readonly procRoot: string;
  /** What the JVM calls `/tmp`, where no process of it can be seen. */
  readonly tmpFolder: string | undefined;
}

/** One way to capture evidence: `Target → file`. */
export interface Recorder {
  readonly name: string;
  readonly description: string;
  /** Ends of file names: `jfr`, `hprof`. */
  readonly extension: string;
  /** What it answers of what was asked; empty: it is not the one to take. */
  answers(request: RecordRequest): readonly RecordQuestion[];
  /** What it will do to the JVM, in sentences, without doing any of it. */
  plan(target: RecordTarget, request: RecordRequest): readonly string[];
  /** Throws `TargetError` where it cannot; whatever happens, it leaves nothing on the JVM's side that it brought. */
  record(target: RecordTarget, request: RecordRequest, control: RecordControl): Promise<Recorded>;
}
