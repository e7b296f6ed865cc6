import { perfMapFormat } from "../formats/perf-map/format.ts";
import { TargetError } from "../model/errors.ts";
import { readInput } from "./input.ts";

/** Inputs to analyze, and maps of compiled code among them, which name frames of the others. */
export interface SortedInputs {
  readonly inputs: readonly string[];
  readonly perfMaps: readonly string[];
}

/** Takes maps of compiled code out of a list of files; alone they have nothing to say. What cannot be read stays, to be reported. */
export function sortInputs(names: readonly string[]): SortedInputs {
  if (names.length < 2) return { inputs: names, perfMaps: [] };
  const perfMaps = names.filter(isPerfMap);
  return { inputs: names.filter((name) => !perfMaps.includes(name)), perfMaps };
}

function isPerfMap(name: string): boolean {
  if (!name.endsWith(".map")) return false;
  try {
    return perfMapFormat.sniff(readInput(name).head, name);
  } catch (error) {
    if (error instanceof TargetError) return false;
    throw error;
  }
}
