import { accessSync, constants } from "node:fs";
import type { Obstacle } from "../model/jvm-source.ts";
import type { AccessSubject } from "./access-subject.ts";
import { flagSwitch } from "./flag-values.ts";
import { hasCapability } from "./own-access.ts";
import { readText, unreadableOf } from "./proc-reads.ts";
import { statOf, tmpObstacle } from "./tmp-obstacles.ts";

/** Bit n − 1 is signal n; SIGQUIT is 3. */
const sigquit = 0b100n;
const youngMillis = 10_000;
/** Older JVMs answer nobody but their own user, root neither. */
const firstMajorForRoot = 11;

/** What keeps jprof from asking the JVM over its attach socket. Nothing is sent nor connected to: it is told from what can be seen. */
export function attachObstacles(subject: AccessSubject): readonly Obstacle[] {
  const { identity, stat, root } = subject;
  if (flagSwitch(identity.flags, "DisableAttachMechanism") === true) {
    return [
      obstacle(
        "attach-disabled",
        "the JVM runs with -XX:+DisableAttachMechanism",
        "remove -XX:+DisableAttachMechanism",
      ),
    ];
  }
  if (stat.state === "T" || stat.state === "t") {
    const [what, fix] =
      stat.state === "T" ? ["stopped", `kill -CONT ${identity.pid}`] : ["held by a debugger or tracer", "detach that"];
    return [obstacle("stopped", `process ${identity.pid} is ${what} (state ${stat.state}) and answers nothing`, fix)];
  }
  const turnedAway = whyTurnedAway(subject);
  if (turnedAway) return [turnedAway];
  const socket = `${root}/tmp/.java_pid${identity.namespacePid}`;
  const found = statOf(socket)?.isSocket() ? socketObstacle(subject, socket) : withoutSocket(subject, socket);
  return found ? [found] : [];
}

/** The JVM answers its own user and group, and root; it says nothing to others. */
function whyTurnedAway({ identity, own, folder }: AccessSubject): Obstacle | undefined {
  const { uid, gid, javaMajor } = identity;
  if (own.uid === uid && own.gid === gid) return undefined;
  const asThat = `run jprof as uid ${uid} and gid ${gid} (securityContext: {runAsUser: ${uid}, runAsGroup: ${gid}})`;
  if (own.uid === uid) {
    return obstacle(
      "attach-other-group",
      `the JVM answers only its own group: gid ${gid}, and jprof has ${own.gid}`,
      asThat,
    );
  }
  if (own.uid !== 0) {
    return obstacle(
      "attach-other-user",
      `the JVM answers only uid ${uid} and root, and jprof is uid ${own.uid}`,
      asThat,
    );
  }
  if (javaMajor !== undefined && javaMajor < firstMajorForRoot) {
    return obstacle("attach-root-refused", `Java ${javaMajor} answers only its own user, and not root`, asThat);
  }
  const seenAs = mappedUid(readText(`${folder}/uid_map`) ?? "", own.uid);
  if (seenAs === 0 || seenAs === undefined) return undefined;
  return obstacle(
    "attach-user-namespace",
    `in the JVM's user namespace root is uid ${seenAs}, which it does not answer (${folder}/uid_map)`,
    asThat,
  );
}

const overflowUid = 65534;

/** Who a user is inside a namespace, by its `uid_map`: lines of first uid inside, first one outside, count. Undefined without a map. */
function mappedUid(map: string, uid: number): number | undefined {
  const ranges = [...map.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)$/gm)].map((range) => range.slice(1).map(Number));
  if (ranges.length === 0) return undefined;
  for (const [inside = 0, outside = 0, count = 0] of ranges) {
    if (uid >= outside && uid < outside + count) return inside + uid - outside;
  }
  return overflowUid;
}

function socketObstacle({ identity }: AccessSubject, socket: string): Obstacle | undefined {
  try {
    accessSync(socket, constants.W_OK);
    return undefined;
  } catch (error) {
    if (unreadableOf(error) !== "denied") return undefined;
    return deniedSocket(socket, identity.uid);
  }
}

function deniedSocket(socket: string, uid: number): Obstacle {
  return obstacle(
    "attach-socket-denied",
    `${socket} is for uid ${uid} only`,
    "run jprof as that user, or as root with CAP_DAC_OVERRIDE",
  );
}

/** Where the JVM has no socket yet it must be asked by a signal to make one, and be able to. */
function withoutSocket(subject: AccessSubject, socket: string): Obstacle | undefined {
  const { identity, status, ageMillis, own } = subject;
  const { pid, flags } = identity;
  const listens = "start the JVM with -XX:+StartAttachListener";
  if (flags.includes("-Xrs") || flagSwitch(flags, "ReduceSignalUsage") === true) {
    return obstacle(
      "attach-socket-deleted",
      `with -Xrs SIGQUIT would end the JVM, and the socket that it made when it started is gone: ${socket}`,
      'remove -Xrs, or keep cleaners away from /tmp ("x /tmp/.java_pid*" in /etc/tmpfiles.d/java.conf) and restart the JVM',
    );
  }
  if ((status.ignoredSignals & sigquit) !== 0n) {
    return obstacle(
      "signal-ignored",
      `process ${pid} ignores SIGQUIT, by which it would be asked for its socket`,
      listens,
    );
  }
  if ((status.caughtSignals & sigquit) === 0n) {
    if (ageMillis < youngMillis) {
      return obstacle("too-young", `process ${pid} does not catch SIGQUIT yet, which would end it`, "wait a moment");
    }
    return obstacle("signal-not-caught", `process ${pid} does not catch SIGQUIT: it would end it`, listens);
  }
  if (own.uid !== 0 || own.uid === identity.uid) return blocked(subject, listens);
  if (hasCapability(own, "KILL")) {
    return hasCapability(own, "DAC_OVERRIDE") ? blocked(subject, listens) : deniedSocket(socket, identity.uid);
  }
  return obstacle(
    "signal-denied",
    `jprof is root without CAP_KILL, and may not signal uid ${identity.uid}`,
    `${listens}, or give jprof the capability (securityContext: {capabilities: {add: [KILL]}})`,
  );
}

/** A signal that waits for long is one that the JVM does not take. */
function blocked(subject: AccessSubject, listens: string): Obstacle | undefined {
  const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(subject.statusText)?.[1] ?? "0";
  if ((BigInt(`0x${pending}`) & sigquit) === 0n) return tmpObstacle(subject, "attach");
  return obstacle(
    "signal-pending",
    `process ${subject.identity.pid} has a SIGQUIT waiting that no thread takes`,
    listens,
  );
}

function obstacle(code: string, detail: string, fix: string): Obstacle {
  return { code, tier: "attach", detail, fix };
}
