import type { Analyzer } from "../src/model/analyzer.ts";
import { gcLogAnalyzers } from "./of-gc-logs.ts";
import { heapAnalyzers } from "./of-heaps.ts";
import { nativeAnalyzers } from "./of-native.ts";
import { recordingAnalyzers } from "./of-recordings.ts";
import { threadDumpAnalyzers } from "./of-thread-dumps.ts";

/** All analyzers, each once: some judge recordings and logs alike. A pipeline loads only those of its kind of evidence. */
export const analyzers: readonly Analyzer[] = [
  ...new Set<Analyzer>([
    ...heapAnalyzers,
    ...recordingAnalyzers,
    ...threadDumpAnalyzers,
    ...gcLogAnalyzers,
    ...nativeAnalyzers,
  ]),
];
