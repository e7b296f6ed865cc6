import type { Analyzer } from "../src/model/analyzer.ts";
import { nativeBigHolders } from "./native-big-holders.ts";
import { nativeGrowth } from "./native-growth.ts";
import { nativeOverview } from "./native-overview.ts";
import { nativeUnnamed } from "./native-unnamed.ts";

/** Analyzers of native memory, in the order of their sections. */
export const nativeAnalyzers: readonly Analyzer[] = [nativeGrowth, nativeBigHolders, nativeUnnamed, nativeOverview];
