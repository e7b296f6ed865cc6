import { parsePerfData } from "../formats/hsperfdata/perf-data.ts";
import type { Answer } from "../model/answer.ts";
import { FormatError } from "../model/errors.ts";
import type { PerfCounters, TargetIdentity } from "../model/target.ts";
import { findVm } from "./memory-maps.ts";
import { readBytes, type Unreadable } from "./proc-reads.ts";

const mostMapsBytes = 32 << 20;
const mostCounterBytes = 4 << 20;

/** One look at a JVM's perf counters, with nothing kept open: the file is the one that the JVM itself has mapped. */
export function readCountersOnce(procRoot: string, { pid }: Pick<TargetIdentity, "pid">): Answer<PerfCounters> {
  const folder = `${procRoot}/${pid}`;
  const maps = readBytes(`${folder}/maps`, mostMapsBytes);
  if (typeof maps === "string") return noAnswer(`${folder}/maps`, maps);
  const file = findVm(maps)?.perfFile;
  if (file === undefined) return { ok: false, code: "absent", reason: "the JVM shares no perf counters" };
  if (file.isDeleted) return { ok: false, code: "absent", reason: `${file.path} was deleted` };
  const path = `${folder}/root${file.path}`;
  const bytes = readBytes(path, mostCounterBytes);
  return typeof bytes === "string" ? noAnswer(path, bytes) : parsed(path, bytes);
}

function parsed(path: string, bytes: Buffer): Answer<PerfCounters> {
  try {
    const { layout, counters } = parsePerfData(bytes);
    if (!layout.prologue.accessible) return { ok: false, code: "failed", reason: "the JVM is still starting" };
    return { ok: true, value: counters, source: "perf-counters", takenAtMillis: Date.now() };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { ok: false, code: "failed", reason: `${path}: ${error.message}` };
  }
}

function noAnswer(path: string, why: Unreadable): Answer<PerfCounters> {
  if (why === "denied") return { ok: false, code: "denied", reason: `${path} may not be read` };
  return { ok: false, code: why === "gone" ? "absent" : "failed", reason: `${path} cannot be read` };
}
