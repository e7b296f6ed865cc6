import { statSync } from "node:fs";
import { type Mount, parseMountInfo } from "../formats/proc/mountinfo.ts";
import type { ProcStat } from "../formats/proc/stat.ts";
import type { ProcStatus } from "../formats/proc/status.ts";
import { FormatError } from "../model/errors.ts";
import type { IdentifiedJvm } from "./identity.ts";
import { findVm, type MappedVm } from "./memory-maps.ts";
import type { OwnAccess } from "./own-access.ts";
import { readBytes, readStat, readStatus, readText, type Unreadable, unreadableOf } from "./proc-reads.ts";

/** A JVM whose accessibility is examined, with what its process shows; nothing of it was asked of the JVM. */
export interface AccessSubject extends IdentifiedJvm {
  /** Its /proc/PID. */
  readonly folder: string;
  /** Its file system, as seen from here. */
  readonly root: string;
  readonly own: OwnAccess;
  readonly stat: ProcStat;
  readonly status: ProcStatus;
  /** The text of /proc/PID/status, for what `status` has not. */
  readonly statusText: string;
  readonly ageMillis: number;
  /** The JVM that it has mapped; why that cannot be told where its memory map cannot be read. */
  readonly vm: MappedVm | Unreadable | undefined;
  /** Whether its file system may not be entered. The memory map may be readable all the same, to one with CAP_PERFMON. */
  readonly isRootDenied: boolean;
  /** Its mounts; empty where they cannot be read. */
  readonly mounts: readonly Mount[];
}

const mostMapsBytes = 32 << 20;

/** Reads what the process shows; undefined where it has ended. */
export function readSubject(
  jvm: IdentifiedJvm,
  procRoot: string,
  own: OwnAccess,
  nowMillis: number,
): AccessSubject | undefined {
  const folder = `${procRoot}/${jvm.identity.pid}`;
  const stat = readStat(folder);
  const status = readStatus(folder);
  if (stat === undefined || status === undefined || stat.startTicks !== jvm.identity.startTicks) return undefined;
  const maps = readBytes(`${folder}/maps`, mostMapsBytes);
  return {
    kind: jvm.kind,
    identity: jvm.identity,
    folder,
    root: `${folder}/root`,
    own,
    stat,
    status,
    statusText: readText(`${folder}/status`) ?? "",
    ageMillis: nowMillis - jvm.identity.startedAtMillis,
    vm: typeof maps === "string" ? maps : findVm(maps),
    isRootDenied: isDenied(`${folder}/root/.`),
    mounts: mountsOf(folder),
  };
}

function isDenied(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return unreadableOf(error) === "denied";
  }
}

function mountsOf(folder: string): readonly Mount[] {
  try {
    return parseMountInfo(readText(`${folder}/mountinfo`) ?? "");
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** The mount that a path lies on: the last one whose mount point is the longest beginning of it. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const point = mount.mountPoint === "/" ? "" : mount.mountPoint;
    const holds = path === point || path.startsWith(`${point}/`);
    if (holds && (best === undefined || mount.mountPoint.length >= best.mountPoint.length)) best = mount;
  }
  return best;
}
