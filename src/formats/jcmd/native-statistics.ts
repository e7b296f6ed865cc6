import { countAfter } from "./quantity.ts";
import { linesOf } from "./reply.ts";

/** What `VM.native_memory statistics` tells of the tracking itself. What is not told is undefined. */
export interface NativeStatistics {
  /** `detail` or `summary`. */
  readonly level: string | undefined;
  readonly tableSize: number | undefined;
  /** Call sites that ever allocated, and those of them with nothing left. */
  readonly sites: number | undefined;
  readonly emptySites: number | undefined;
  readonly longestChain: number | undefined;
  /** Call sites by the number of their frames. */
  readonly sitesByDepth: readonly number[];
}

/** The reply to `VM.native_memory statistics`. */
export function parseNativeStatistics(text: string): NativeStatistics {
  const lines = linesOf(text).map((line) => line.trim());
  const lineOf = (label: string) => lines.find((line) => line.startsWith(label)) ?? "";
  const depths = lines.slice(lines.indexOf("Call stack depth distribution:") + 1 || lines.length);
  const end = depths.findIndex((line) => !/^\d+: \d+$/.test(line));
  return {
    level: /^State: (\w+)/.exec(lineOf("State: "))?.[1],
    tableSize: countAfter(lineOf("Malloc allocation site table size:"), ": "),
    sites: countAfter(lineOf("Total entries:"), ": "),
    emptySites: countAfter(lineOf("Empty entries"), ": "),
    longestChain: countAfter(lineOf("longest:") || lineOf("most entries:"), ": "),
    sitesByDepth: depths.slice(0, end < 0 ? depths.length : end).map((line) => countAfter(line, ": ") ?? 0),
  };
}
