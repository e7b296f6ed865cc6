import type { Analyzer } from "../src/model/analyzer.ts";
import { classLoaderLeak } from "./class-loader-leak.ts";
import { damagedDump, damagedScan } from "./damaged-dump.ts";
import { directMemory } from "./direct-memory.ts";
import { heapDominators } from "./heap-dominators.ts";
import { heapHistogram, scanHistogram } from "./heap-histogram.ts";
import { heapThreads } from "./heap-threads.ts";
import { jvmFacts } from "./jvm-facts.ts";
import { leakSuspects } from "./leak-suspects.ts";
import { reachability } from "./reachability.ts";

/** Analyzers of heap dumps, in the order of their sections. */
export const heapAnalyzers: readonly Analyzer[] = [
  damagedScan,
  damagedDump,
  leakSuspects,
  classLoaderLeak,
  heapDominators,
  reachability,
  heapHistogram,
  scanHistogram,
  heapThreads,
  directMemory,
  jvmFacts,
];
