import type { Analyzer } from "../src/model/analyzer.ts";
import { threadBlocking } from "./thread-blocking.ts";
import { threadCounts } from "./thread-counts.ts";
import { threadCpu } from "./thread-cpu.ts";
import { threadDeadlocks } from "./thread-deadlocks.ts";
import { threadEventLoops } from "./thread-event-loops.ts";
import { threadOverview } from "./thread-overview.ts";
import { threadPools } from "./thread-pools.ts";
import { threadStacks } from "./thread-stacks.ts";
import { threadStuck } from "./thread-stuck.ts";
import { threadVirtual } from "./thread-virtual.ts";

/** Analyzers of thread dumps, in the order of their sections. */
export const threadDumpAnalyzers: readonly Analyzer[] = [
  threadDeadlocks,
  threadBlocking,
  threadPools,
  threadStuck,
  threadCpu,
  threadEventLoops,
  threadVirtual,
  threadCounts,
  threadStacks,
  threadOverview,
];
