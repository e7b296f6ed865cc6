import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PerfCounters } from "../model/target.ts";
import type { OpenPerfFile, PerfFileOwner } from "./perf-file.ts";

/** Clocks of the kernel and the JVM may differ by that, since the kernel rounds the time of the boot to seconds. */
const clockSlackMillis = 2_500;
/** A JVM that begins so soon after its process did needs no other proof. */
const promptMillis = 20_000;

/**
 * Why a file of perf counters is not this process's; undefined when it is. A file stays behind when a JVM is killed, and the next process of
 * the same number may be of another kind, or write elsewhere; and where `/tmp` is shared by containers, the number is no proof at all.
 */
export function strangerReason(owner: PerfFileOwner, file: OpenPerfFile, counters: PerfCounters): string | undefined {
  const begunMillis = counters.number("sun.rt.createVmBeginTime");
  if (begunMillis === undefined) return `${file.path} does not say when its JVM began`;
  if (owner.tmpFolder !== undefined) {
    return begunMillis === owner.startedAtMillis ? undefined : `${file.path} is of another JVM now`;
  }
  const lagMillis = begunMillis - owner.startedAtMillis;
  if (lagMillis >= -clockSlackMillis && lagMillis <= promptMillis) return undefined;
  const isMapped = hasMapped(owner, file);
  if (isMapped === true) return undefined;
  // A shell may have run for a while before it became the JVM, but no JVM begins before its process does.
  if (isMapped === undefined && lagMillis > 0 && hasCommandOf(owner, counters)) return undefined;
  const begun = new Date(begunMillis).toISOString();
  const started = new Date(owner.startedAtMillis).toISOString();
  return `${file.path} is of another JVM: that began at ${begun}, process ${owner.pid} at ${started}`;
}

/** Whether the process has mapped the file; undefined where the kernel does not show that. */
function hasMapped(owner: PerfFileOwner, file: OpenPerfFile): boolean | undefined {
  const maps = procText(owner, "maps");
  if (maps === undefined) return undefined;
  const wanted = new RegExp(` ${file.inode} +\\S*/hsperfdata_[^/]+/${owner.namespacePid}( \\(deleted\\))?$`, "m");
  return wanted.test(maps);
}

/** Whether the process was started with the main class and arguments that the counters name. */
function hasCommandOf(owner: PerfFileOwner, counters: PerfCounters): boolean {
  const command = counters.text("sun.rt.javaCommand");
  const line = procText(owner, "cmdline")?.replaceAll("\0", " ").trim();
  return command !== undefined && command !== "" && line?.endsWith(command.trim()) === true;
}

function procText(owner: PerfFileOwner, file: string): string | undefined {
  try {
    return readFileSync(join(owner.procRoot, String(owner.pid), file), "latin1");
  } catch {
    return undefined;
  }
}
