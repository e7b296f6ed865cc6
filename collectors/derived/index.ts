import type { Derivation } from "../../src/model/sample-window.ts";
import { containerTrend } from "./container-trend.ts";
import { heapTrend } from "./heap-trend.ts";
import { rates } from "./rates.ts";

/** Everything that follows from the last minutes of a JVM. */
export const derivations: readonly Derivation[] = [heapTrend, containerTrend, rates];
