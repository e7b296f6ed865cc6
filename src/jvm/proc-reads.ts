import { closeSync, constants, openSync, readlinkSync, readSync } from "node:fs";
import { type ProcStat, parseStat } from "../formats/proc/stat.ts";
import { type ProcStatus, parseStatus } from "../formats/proc/status.ts";
import { FormatError } from "../model/errors.ts";

/** Why a file of a process cannot be read: the process or the file is not there, the kernel forbids it, or something else. */
export type Unreadable = "gone" | "denied" | "failed";

const reasons: Readonly<Record<string, Unreadable>> = {
  ENOENT: "gone",
  ESRCH: "gone",
  ENOTDIR: "gone",
  EACCES: "denied",
  EPERM: "denied",
};

/** Why a system call on a file of a process failed. */
export function unreadableOf(error: unknown): Unreadable {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? "failed";
}

const defaultMostBytes = 1 << 20;

/**
 * The file's bytes, at most so many; files of /proc have no size, so it reads until there is no more. A pipe that another container put in
 * place of a file has nothing to read, rather than being waited for.
 */
export function readBytes(path: string, mostBytes = defaultMostBytes): Buffer | Unreadable {
  return readWith(path, (file) => readAll(file, mostBytes));
}

function readWith(path: string, read: (file: number) => Buffer): Buffer | Unreadable {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return unreadableOf(error);
  }
  try {
    return read(file);
  } catch (error) {
    return unreadableOf(error);
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, mostBytes: number): Buffer {
  let buffer = Buffer.allocUnsafe(Math.min(mostBytes, 4096));
  let length = 0;
  while (length < mostBytes) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(buffer.length * 4, mostBytes));
    const read = readSync(file, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

/** The file's text, or undefined where it cannot be read for whatever reason. */
export function readText(path: string, mostBytes = defaultMostBytes): string | undefined {
  const bytes = readBytes(path, mostBytes);
  return typeof bytes === "string" ? undefined : bytes.toString("utf8");
}

/** Where a link points to, or undefined where that cannot be read. */
export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Longer than any `stat`, which the kernel hands over in one piece. */
const statBytes = 2048;

/** The process's `stat`; undefined where it went away. `folder` is its /proc/PID. */
export function readStat(folder: string): ProcStat | undefined {
  return parsed(readWith(`${folder}/stat`, readPiece), parseStat);
}

function readPiece(file: number): Buffer {
  const buffer = Buffer.allocUnsafe(statBytes);
  return buffer.subarray(0, readSync(file, buffer, 0, statBytes, null));
}

/** The process's `status`; undefined where it went away. `folder` is its /proc/PID. */
export function readStatus(folder: string): ProcStatus | undefined {
  return parsed(readBytes(`${folder}/status`), parseStatus);
}

/** A process that ends while it is read leaves less than the whole, or nothing. */
function parsed<T>(bytes: Buffer | Unreadable, parse: (text: string) => T): T | undefined {
  if (typeof bytes === "string") return undefined;
  try {
    return parse(bytes.toString("latin1"));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
