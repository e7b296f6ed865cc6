import { readdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ProcStat } from "../formats/proc/stat.ts";
import { TargetError } from "../model/errors.ts";
import type { DiscoveredJvm } from "../model/jvm-source.ts";
import { type IdentifiedJvm, identifyJvm } from "./identity.ts";
import { type AccessOptions, examineAccess } from "./obstacles.ts";
import { readStat } from "./proc-reads.ts";
import { Strangers } from "./strangers.ts";

/** Finds the JVMs of this machine or container, again and again. */
export interface Discovery {
  /** Every JVM that can be seen, by pid. What it asks of a process that it knows already is one small file. */
  list(signal: AbortSignal): Promise<readonly DiscoveredJvm[]>;
}

/** How to look; what is not given is as this process finds it. */
export interface DiscoveryOptions extends AccessOptions {
  /** Whether to tell what hinders access to each JVM; true unless given. */
  readonly examines?: boolean;
}

/** A process that was looked at, and what is needed to tell whether that is to be done again. */
interface Known {
  readonly startTicks: number;
  readonly command: string;
  readonly virtualBytes: number;
  /** Undefined: it runs no JVM. */
  readonly jvm: IdentifiedJvm | undefined;
  access: Access | undefined;
}

/** What hindered access when that was last looked at. */
interface Access {
  readonly obstacles: DiscoveredJvm["obstacles"];
  readonly examinedAtMillis: number;
}

/** A JVM maps more than this when it is loaded: its library, its code cache and its heap. */
const loadedJvmBytes = 32 << 20;
/** One thread, even while Java's launcher is still loading, is no JVM: HotSpot has a dozen. */
const fewestThreads = 2;
const pidsPerTurn = 64;
/** Where something hinders access, what was done about it shows soon; where nothing does, each tier says itself when that changes. */
const examineHinderedMillis = 60_000;
const examineFreeMillis = 300_000;
const youngMillis = 30_000;

/** Watches /proc for JVMs. */
export function createDiscovery(options: DiscoveryOptions = {}): Discovery {
  const { procRoot = "/proc", examines = true } = options;
  let known = new Map<number, Known>();
  const strangers = new Strangers();
  return {
    async list(signal) {
      const pids = readPids(procRoot);
      const seen = new Map<number, Known>();
      strangers.beginRound();
      for (const [index, pid] of pids.entries()) {
        if (index % pidsPerTurn === pidsPerTurn - 1) await nextTurn(undefined, { signal });
        const process = look(procRoot, pid, { before: known.get(pid), strangers });
        if (process) seen.set(pid, process);
      }
      known = seen;
      const found = [...seen.values()].filter((process) => process.jvm !== undefined);
      if (examines) for (const process of found) await examine(process, options);
      return found.map(({ jvm, access }) => ({ ...jvm!, obstacles: access?.obstacles ?? [] }));
    },
  };
}

/** The pids of all processes, ascending. */
function readPids(procRoot: string): readonly number[] {
  try {
    return readdirSync(procRoot)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    throw new TargetError(`cannot list the processes in ${procRoot}: is it mounted?`, { cause: error });
  }
}

interface Memory {
  readonly before: Known | undefined;
  readonly strangers: Strangers;
}

function look(procRoot: string, pid: number, { before, strangers }: Memory): Known | undefined {
  if (strangers.isResting(pid)) return before;
  const stat = readStat(`${procRoot}/${pid}`);
  if (stat === undefined) return undefined;
  const process = lookAt(procRoot, stat, before);
  if (process?.jvm === undefined) strangers.note(stat);
  return process;
}

/** What is known of a process, looked at anew where it may have become another: started, executed, or grown by what a JVM needs. */
function lookAt(procRoot: string, stat: ProcStat, before: Known | undefined): Known | undefined {
  if (stat.threads < fewestThreads && stat.state !== "Z") return undefined;
  if (before && isUnchanged(before, stat)) return before;
  const { startTicks, command, virtualBytes } = stat;
  return { startTicks, command, virtualBytes, jvm: identifyJvm(procRoot, stat), access: undefined };
}

function isUnchanged({ startTicks, command, virtualBytes, jvm }: Known, stat: ProcStat): boolean {
  if (startTicks !== stat.startTicks || command !== stat.command || stat.state === "Z") return false;
  if (jvm !== undefined) return jvm.kind !== "unknown";
  return stat.virtualBytes < virtualBytes + loadedJvmBytes;
}

/** Obstacles come and go, but not often after a JVM's first seconds. */
async function examine(process: Known, options: AccessOptions): Promise<void> {
  const nowMillis = Date.now();
  const { jvm, access } = process;
  const isYoung = nowMillis - jvm!.identity.startedAtMillis < youngMillis;
  const everyMillis = access?.obstacles.length === 0 ? examineFreeMillis : examineHinderedMillis;
  if (access && !isYoung && nowMillis - access.examinedAtMillis < everyMillis) return;
  process.access = { obstacles: await examineAccess(jvm!, options), examinedAtMillis: nowMillis };
}
