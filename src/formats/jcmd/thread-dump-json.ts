import { FormatError } from "../../model/errors.ts";
import { parseCutJson } from "./cut-json.ts";
import { type StackFrame, stackElementOf } from "./stack-frame.ts";
import { type ThreadState, threadStates } from "./thread-header.ts";

/** What `Thread.dump_to_file -format=json` writes (JDK 21 and later): virtual threads too, grouped by what started them. */
export interface JsonThreadDump {
  readonly processId: number | undefined;
  readonly takenAtMillis: number | undefined;
  /** `25.0.3+9-LTS` */
  readonly runtimeVersion: string | undefined;
  readonly containers: readonly ThreadContainer[];
}

/** The root has all threads that no executor or scope owns. */
export interface ThreadContainer {
  /** `<root>`, `java.util.concurrent.ThreadPoolExecutor@52f57666` */
  readonly name: string;
  readonly parent: string | undefined;
  /** Thread that opened the scope. */
  readonly ownerId: number | undefined;
  /** As the JVM counted; more than `threads` where it does not keep track of all. */
  readonly threadCount: number | undefined;
  readonly threads: readonly JsonThread[];
}

export interface JsonThread {
  readonly javaId: number;
  /** Often empty of a virtual thread. */
  readonly name: string;
  /** JDK 25 and later, as all below but the frames; undefined before. */
  readonly isVirtual: boolean | undefined;
  readonly state: ThreadState | undefined;
  /** `java.util.concurrent.CountDownLatch$Sync@2cd53314` */
  readonly parkBlocker: string | undefined;
  /** Thread that owns it, where the JVM tells (after JDK 25). */
  readonly parkBlockerOwnerId: number | undefined;
  readonly blockedOn: string | undefined;
  readonly waitingOn: string | undefined;
  readonly carrierId: number | undefined;
  readonly ownedMonitors: readonly OwnedMonitor[];
  readonly frames: readonly StackFrame[];
}

export interface OwnedMonitor {
  /** Index of the frame that took it. */
  readonly depth: number;
  /** Undefined where the compiler did away with the object. */
  readonly object: string | undefined;
}

/** The file that `Thread.dump_to_file -format=json` writes; of a cut one, what is complete. */
export function parseThreadDumpJson(text: string): JsonThreadDump {
  if (!/^\s*(?:\{|$)/.test(text.slice(0, 200))) {
    throw new FormatError(`expected a thread dump in JSON, got "${text.slice(0, 60).trim()}"`);
  }
  const dump = recordOf(recordOf(parseCutJson(text)).threadDump);
  const takenAtMillis = Date.parse(textOf(dump.time) ?? "");
  return {
    processId: numberOf(dump.processId),
    takenAtMillis: Number.isNaN(takenAtMillis) ? undefined : takenAtMillis,
    runtimeVersion: textOf(dump.runtimeVersion),
    containers: listOf(dump.threadContainers).map(containerOf),
  };
}

function containerOf(value: unknown): ThreadContainer {
  const { container, parent, owner, threadCount, threads } = recordOf(value);
  return {
    name: textOf(container) ?? "",
    parent: textOf(parent),
    ownerId: numberOf(owner),
    threadCount: numberOf(threadCount),
    threads: listOf(threads).flatMap((thread) => jsonThreadOf(thread) ?? []),
  };
}

/** One element of a container's `threads`; undefined where it has no id. */
export function jsonThreadOf(value: unknown): JsonThread | undefined {
  const thread = recordOf(value);
  const javaId = numberOf(thread.tid);
  if (javaId === undefined) return undefined;
  const state = textOf(thread.state);
  return {
    javaId,
    name: textOf(thread.name) ?? "",
    isVirtual: state === undefined ? undefined : thread.virtual === true,
    state: threadStates.find((known) => known === state),
    ...parkBlockerOf(recordOf(thread.parkBlocker)),
    blockedOn: textOf(thread.blockedOn),
    waitingOn: textOf(thread.waitingOn),
    carrierId: numberOf(thread.carrier),
    ownedMonitors: listOf(thread.monitorsOwned).flatMap(monitorsOf),
    frames: listOf(thread.stack).flatMap((element) => stackElementOf(textOf(element) ?? "") ?? []),
  };
}

/** `{"object": "a.B@1f", "owner": "27"}`; some builds name the owner `exclusiveOwnerThread`. */
function parkBlockerOf(blocker: Json): Pick<JsonThread, "parkBlocker" | "parkBlockerOwnerId"> {
  return {
    parkBlocker: textOf(blocker.object),
    parkBlockerOwnerId: numberOf(blocker.owner) ?? numberOf(blocker.exclusiveOwnerThread),
  };
}

function monitorsOf(value: unknown): readonly OwnedMonitor[] {
  const { depth, locks } = recordOf(value);
  return listOf(locks).map((object) => ({ depth: numberOf(depth) ?? 0, object: textOf(object) }));
}

type Json = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** JDK 21 to 25 write numbers as text. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && /^-?\d{1,19}$/.test(value) ? Number(value) : value;
  return typeof number === "number" ? number : undefined;
}
