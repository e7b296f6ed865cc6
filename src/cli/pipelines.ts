import type { Analyzer, Evidence } from "../model/analyzer.ts";
import type { ProfileSet } from "../model/profile.ts";
import type { Progress } from "../model/progress.ts";
import type { Summary } from "../model/report.ts";
import type { Input } from "./input.ts";
import type { Selection } from "./selection.ts";

/** How a file is to be read. */
export interface ReadOptions {
  readonly sizes: "gaps" | "mat";
  readonly refs: "strong" | "mat";
  readonly dump: number | undefined;
  readonly threads: number;
  /** One scan is enough: only `histogram` evidence is wanted. */
  readonly histogramOnly: boolean;
  /** Which part of a recording or profile. */
  readonly selection: Selection;
  /** Maps of compiled code that were given beside the inputs. */
  readonly perfMaps?: readonly string[];
  readonly progress: Progress;
}

/** What an input gives: evidence for the analyzers, and its figures. `close` frees what evidence reads on demand. */
export interface InputEvidence {
  readonly evidence: Partial<Evidence>;
  /** Who has something to say about such evidence. */
  readonly analyzers: readonly Analyzer[];
  /** For the pictures of a report. */
  readonly profiles?: ProfileSet;
  readonly summary: Summary;
  close(): void | Promise<void>;
}

/** How one format becomes evidence. */
export type Pipeline = (input: Input, options: ReadOptions) => Promise<InputEvidence>;

/** By the name of the format; each is loaded when a file of its kind is read. */
export const pipelines: Readonly<Record<string, Pipeline>> = {
  hprof: async (input, options) => (await import("./heap-pipeline.ts")).readHeapEvidence(input, options),
  jfr: async (input, options) => (await import("./recording-pipeline.ts")).readRecordingEvidence(input, options),
  "gc-log": async (input, options) => (await import("./gc-log-pipeline.ts")).readGcLogEvidence(input, options),
  jemalloc: async (input, options) => (await import("./native-pipeline.ts")).readNativeHeapEvidence(input, options),
  nmt: async (input, options) => (await import("./native-pipeline.ts")).readNativeTrackingEvidence(input, options),
  "process-memory": async (input, options) =>
    (await import("./native-pipeline.ts")).readProcessMemoryEvidence(input, options),
  "jfr-json": readProfileFile,
  speedscope: readProfileFile,
  "perf-script": readProfileFile,
  "async-text": readProfileFile,
  pprof: readProfileFile,
  collapsed: readProfileFile,
  "thread-dump": async (input, options) =>
    (await import("./thread-dump-pipeline.ts")).readThreadDumpEvidence(input, options),
};

async function readProfileFile(input: Input, options: ReadOptions): Promise<InputEvidence> {
  return (await import("./profile-pipeline.ts")).readProfileEvidence(input, options);
}
