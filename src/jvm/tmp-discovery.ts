import { statSync } from "node:fs";
import { join } from "node:path";
import type { DiscoveredJvm } from "../model/jvm-source.ts";
import type { PerfCounters, TargetIdentity } from "../model/target.ts";
import { boundListeners } from "./host-view.ts";
import { refineIdentity } from "./refine-identity.ts";
import { readTmpFolder, readTmpJvm, type TmpFolder, type TmpJvm } from "./tmp-files.ts";
import { tmpJvmObstacles } from "./tmp-jvm-obstacles.ts";

/**
 * Finds the JVMs of other PID namespaces that share their /tmp with jprof, as containers of one pod can: no process of theirs is to be seen,
 * but their sockets and their files of perf counters are.
 */
export interface TmpDiscovery {
  /** Those that live and are not among `seen`, the JVMs whose processes can be seen. */
  list(seen: readonly DiscoveredJvm[]): readonly DiscoveredJvm[];
}

export interface TmpDiscoveryOptions {
  /** Each is what some JVM calls `/tmp`. */
  readonly folders: readonly string[];
  readonly procRoot?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The last look at a JVM's files. */
interface Look {
  readonly isListening: boolean;
  /** Of its counters; undefined where they cannot be read. */
  readonly bytes: Buffer | undefined;
  /** When the counters had changed; undefined where they did not since it was found, or since it last listened. */
  readonly movedAtMillis: number | undefined;
}

/** Up to JDK 24 the counters change every 50 ms; later ones only with what the JVM does. */
const stillMillis = 60_000;

/** Looks into the folders again and again. A file may outlive its JVM by far, so one is listed only while it shows a sign of life. */
export function createTmpDiscovery({ folders, procRoot = "/proc", now = Date.now }: TmpDiscoveryOptions): TmpDiscovery {
  let looks = new Map<string, Look>();
  return {
    list(seen) {
      const bound = boundListeners(procRoot);
      const next = new Map<string, Look>();
      const found = folders.map(readTmpFolder).flatMap((folder) => {
        const pids = candidatesOf(folder, bound).filter((pid) => !isSeen(seen, folder.path, pid, procRoot));
        return pids.flatMap((pid) => {
          const key = `${folder.path}/${pid}`;
          const jvm = readTmpJvm(folder, pid);
          const look = lookAt(jvm, looks.get(key), { bound, nowMillis: now() });
          next.set(key, look);
          return isAlive(look, now()) ? discoveredOf(jvm, folder.path) : [];
        });
      });
      looks = next;
      return found;
    },
  };
}

/** Pids that show a sign of life, or may show one next time; a socket that nobody has bound does neither. */
function candidatesOf({ sockets, counterFiles }: TmpFolder, bound: ReadonlySet<number>): readonly number[] {
  const listening = [...sockets].filter((pid) => bound.has(pid));
  return [...new Set([...listening, ...counterFiles.keys()])].sort((a, b) => a - b);
}

/** Whether the files are those of a process that can be seen: the same pid inside, and the same folder for its /tmp. */
function isSeen(seen: readonly DiscoveredJvm[], folder: string, pid: number, procRoot: string): boolean {
  return seen.some(({ identity }) => {
    if (identity.namespacePid !== pid) return false;
    const own = placeOf(join(procRoot, String(identity.pid), "root/tmp"));
    return own === undefined || own === placeOf(folder);
  });
}

function placeOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function lookAt(
  { pid, socket, counters }: TmpJvm,
  before: Look | undefined,
  { bound, nowMillis }: { readonly bound: ReadonlySet<number>; readonly nowMillis: number },
): Look {
  const isListening = socket !== undefined && bound.has(pid);
  const bytes = counters === undefined || "code" in counters ? undefined : counters.bytes;
  const hasEnded = before?.isListening === true && !isListening;
  if (bytes === undefined || before?.bytes === undefined || hasEnded)
    return { isListening, bytes, movedAtMillis: undefined };
  return { isListening, bytes, movedAtMillis: bytes.equals(before.bytes) ? before.movedAtMillis : nowMillis };
}

function isAlive({ isListening, movedAtMillis }: Look, nowMillis: number): boolean {
  return isListening || (movedAtMillis !== undefined && nowMillis - movedAtMillis < stillMillis);
}

/** Empty while the JVM is starting. */
function discoveredOf(jvm: TmpJvm, tmpFolder: string): readonly DiscoveredJvm[] {
  const counters = jvm.counters === undefined || "code" in jvm.counters ? undefined : jvm.counters;
  if (counters?.isComplete === false) return [];
  const identity = identityOf(jvm, counters?.values);
  if (identity === undefined) return [];
  const obstacles = tmpJvmObstacles(jvm, identity, tmpFolder);
  const canAttach = !obstacles.some(({ tier }) => tier === "attach");
  return [{ kind: counters || canAttach ? "hotspot" : "unknown", identity, obstacles, tmpFolder }];
}

/** A JVM without counters that can be read is told from the next one by its socket. Its name it says itself, when it is asked. */
function identityOf({ pid, socket, file }: TmpJvm, counters: PerfCounters | undefined): TargetIdentity | undefined {
  const owner = socket ?? file;
  const startedAtMillis = counters?.number("sun.rt.createVmBeginTime") ?? socket?.modifiedAtMillis;
  if (owner === undefined || startedAtMillis === undefined) return undefined;
  const identity: TargetIdentity = {
    pid,
    namespacePid: pid,
    startTicks: Math.round(startedAtMillis / millisPerTick),
    startedAtMillis,
    uid: owner.uid,
    gid: owner.gid,
    name: "java",
    javaVersion: undefined,
    javaMajor: undefined,
    vmName: undefined,
    vmVendor: undefined,
    collector: undefined,
    generational: undefined,
    flags: [],
    containerId: undefined,
  };
  return refineIdentity(identity, { perfCounters: counters });
}

/** As in /proc/PID/stat, but since the epoch: that never is the start of a process that can be seen. */
const millisPerTick = 10;
