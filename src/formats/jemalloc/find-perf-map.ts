import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { openFile } from "../../bytes/byte-source.ts";
import { type PerfMap, readPerfMap } from "../perf-map/perf-map.ts";
import type { MemoryMapping } from "../proc/maps.ts";

/** Where maps of compiled code may be, and for which dump. */
export interface PerfMapSearch {
  /** Maps that the user names; looked at first. */
  readonly given: readonly string[];
  /** The dump's own file. */
  readonly dump: string;
  readonly processId: number | undefined;
  readonly takenAtMillis: number | undefined;
  readonly mappings: readonly MemoryMapping[];
}

interface Candidate {
  readonly path: string;
  readonly writtenMillis: number;
}

/**
 * The map that fits the dump: of those that are named, beside the dump (`perf-PID.map`, `perf-PID.*.map`) and in /tmp, the latest that was
 * written before the dump, or else the next after it. One whose code lies elsewhere is another process's.
 */
export function findPerfMap(search: PerfMapSearch): PerfMap | undefined {
  const taken = search.takenAtMillis ?? Number.POSITIVE_INFINITY;
  const candidates = [...new Set([...search.given, ...besides(search)])].flatMap(candidateOf);
  const distance = ({ writtenMillis }: Candidate) =>
    writtenMillis <= taken ? taken - writtenMillis : Number.MAX_SAFE_INTEGER / 2 + (writtenMillis - taken);
  for (const { path } of candidates.sort((a, b) => distance(a) - distance(b))) {
    const map = read(path);
    if (map !== undefined && fits(map, search.mappings)) return map;
  }
  return undefined;
}

function besides({ dump, processId }: PerfMapSearch): readonly string[] {
  if (processId === undefined) return [];
  const folder = dirname(dump);
  const own = namesIn(folder).filter(
    (name) => name === `perf-${processId}.map` || (name.startsWith(`perf-${processId}.`) && name.endsWith(".map")),
  );
  return [...own.map((name) => join(folder, name)), `/tmp/perf-${processId}.map`];
}

/** A folder that cannot be read has nothing to offer. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function candidateOf(path: string): readonly Candidate[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? [{ path, writtenMillis: stat.mtimeMs }] : [];
}

/** Undefined when it cannot be opened: another user's, or gone. */
function read(path: string): PerfMap | undefined {
  try {
    const source = openFile(path);
    try {
      return readPerfMap(source);
    } finally {
      source.close();
    }
  } catch {
    return undefined;
  }
}

/** Compiled code lies in anonymous memory that may be run. */
function fits(map: PerfMap, mappings: readonly MemoryMapping[]): boolean {
  return mappings.some(
    ({ permissions, path, start, end }) =>
      permissions[2] === "x" && !path.startsWith("/") && map.start >= start && map.start < end,
  );
}
