import { lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { parsePerfData } from "../formats/hsperfdata/perf-data.ts";
import { FormatError } from "../model/errors.ts";
import type { PerfCounters } from "../model/target.ts";
import { readBytes } from "./proc-reads.ts";

/** What a JVM leaves in what it calls `/tmp`. */
export interface TmpJvm {
  /** The JVM's own. */
  readonly pid: number;
  readonly socket: TmpFile | undefined;
  readonly file: TmpFile | undefined;
  readonly counters: TmpCounters | UnreadableCounters | undefined;
}

export interface TmpFile {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly modifiedAtMillis: number;
}

/** One reading of the file of perf counters. */
export interface TmpCounters {
  readonly bytes: Buffer;
  /** Whether the JVM is done with setting them up. */
  readonly isComplete: boolean;
  readonly values: PerfCounters;
}

export interface UnreadableCounters {
  readonly code: "denied" | "failed";
}

const socketName = /^\.java_pid(\d+)$/;
/** More than any JVM is given; its default is 32 KiB. */
const largestFileBytes = 4 << 20;

/** What a folder holds, by pids of whatever namespace: it may hold thousands of files of JVMs that ended long ago. */
export interface TmpFolder {
  readonly path: string;
  readonly sockets: ReadonlySet<number>;
  /** Paths of files that are named as those of perf counters are. */
  readonly counterFiles: ReadonlyMap<number, readonly string[]>;
}

/** Lists the folder; it is empty where it cannot be read. */
export function readTmpFolder(path: string): TmpFolder {
  const names = namesIn(path);
  const counterFiles = new Map<number, string[]>();
  for (const folder of names) {
    if (!folder.startsWith("hsperfdata_")) continue;
    for (const name of namesIn(join(path, folder))) {
      if (!/^\d+$/.test(name)) continue;
      const file = join(path, folder, name);
      const others = counterFiles.get(Number(name));
      if (others === undefined) counterFiles.set(Number(name), [file]);
      else others.push(file);
    }
  }
  const sockets = new Set(names.flatMap((name) => socketName.exec(name)?.[1] ?? []).map(Number));
  return { path, sockets, counterFiles };
}

/** Reads what is there of one JVM; of several files of counters with its pid, that of the JVM that began last. */
export function readTmpJvm({ path, counterFiles }: TmpFolder, pid: number): TmpJvm {
  const socket = fileAt(join(path, `.java_pid${pid}`), (stat) => stat.isSocket());
  const found = (counterFiles.get(pid) ?? [])
    .flatMap((file) => fileAt(file, (stat) => stat.isFile()) ?? [])
    .filter(({ uid }) => socket === undefined || uid === socket.uid)
    .map((file) => ({ file, counters: readCounters(file.path) }))
    .sort((a, b) => begunMillisOf(b.counters) - begunMillisOf(a.counters))[0];
  return { pid, socket, file: found?.file, counters: found?.counters };
}

function readCounters(path: string): TmpCounters | UnreadableCounters {
  const bytes = readBytes(path, largestFileBytes);
  if (typeof bytes === "string") return { code: bytes === "denied" ? "denied" : "failed" };
  try {
    const { layout, counters } = parsePerfData(bytes);
    return { bytes, isComplete: layout.prologue.accessible, values: counters };
  } catch (error) {
    if (error instanceof FormatError) return { code: "failed" };
    throw error;
  }
}

function begunMillisOf(counters: TmpCounters | UnreadableCounters): number {
  return "code" in counters ? 0 : (counters.values.number("sun.rt.createVmBeginTime") ?? 0);
}

function fileAt(path: string, isWanted: (stat: Stats) => boolean): TmpFile | undefined {
  try {
    const stat = lstatSync(path);
    return isWanted(stat)
      ? { path, uid: stat.uid, gid: stat.gid, modifiedAtMillis: Math.floor(stat.mtimeMs) }
      : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
