import type { Format } from "../../model/format.ts";
import { headLines } from "../lines/read-lines.ts";
import { parseMapping } from "../proc/maps.ts";

/** What a text about a process's memory is; undefined when it is none of these. */
export type MemoryText =
  | "smaps"
  | "smaps-rollup"
  | "maps"
  | "system-map"
  | "malloc-info"
  | "jemalloc-stats"
  | "vm-info";

const marks: readonly (readonly [MemoryText, RegExp])[] = [
  ["malloc-info", /^(?:\d{1,10}:\r?\n)?\s*<malloc version="1">/],
  ["system-map", /^(?:\d{1,10}:\r?\n)?\s*Memory mappings:\r?$/m],
  ["system-map", /^from +to +vsize +prot +rss +/m],
  ["vm-info", /^# JRE version:/m],
  ["jemalloc-stats", /^\s*\{\s*"jemalloc"\s*:/m],
];

/** Looks at the beginning of a text. */
export function memoryTextOf(head: Uint8Array): MemoryText | undefined {
  const text = new TextDecoder("latin1").decode(head);
  const marked = marks.find(([, mark]) => mark.test(text));
  if (marked) return marked[0];
  const [first = "", second = ""] = headLines(head, 2) ?? [];
  const mapping = parseMapping(first);
  if (mapping === undefined) return undefined;
  if (/^(?:Size|Rss):\s+\d+ kB$/.test(second)) return mapping.path === "[rollup]" ? "smaps-rollup" : "smaps";
  return second === "" || parseMapping(second) !== undefined ? "maps" : undefined;
}

/** Where a process's memory is, as the kernel, the JVM or its allocator says. */
export const processMemoryFormat: Format = {
  name: "process-memory",
  description:
    "memory of a process (smaps, smaps_rollup, maps, System.map, System.native_heap_info, VM.info, jemalloc's statistics as JSON)",
  sniff: (head) => memoryTextOf(head) !== undefined,
};
