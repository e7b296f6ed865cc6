import type { Analyzer } from "../src/model/analyzer.ts";
import { memoryArenas } from "./memory-arenas.ts";
import { memoryHugeStacks } from "./memory-huge-stacks.ts";
import { memoryOverview } from "./memory-overview.ts";
import { memoryRetention } from "./memory-retention.ts";
import { memoryUntracked } from "./memory-untracked.ts";
import { nativeBigHolders } from "./native-big-holders.ts";
import { nativeGrowth } from "./native-growth.ts";
import { nativeOverview } from "./native-overview.ts";
import { nativeUnnamed } from "./native-unnamed.ts";
import { nmtGrowth } from "./nmt-growth.ts";
import { nmtOverview } from "./nmt-overview.ts";

/** Analyzers of native memory, in the order of their sections. */
export const nativeAnalyzers: readonly Analyzer[] = [
  nativeGrowth,
  nativeBigHolders,
  nativeUnnamed,
  nmtGrowth,
  memoryUntracked,
  memoryRetention,
  memoryArenas,
  memoryHugeStacks,
  nativeOverview,
  nmtOverview,
  memoryOverview,
];
