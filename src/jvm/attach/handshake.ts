import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcStatus } from "../../formats/proc/status.ts";
import type { AttachLimits, AttachTarget } from "./attach-target.ts";
import type { Credentials } from "./credentials.ts";
import type { FolderHandle } from "./folder-handle.ts";
import { readLaunchOptions } from "./launch-options.ts";
import { findSocket, isReadOnly } from "./listener-socket.ts";
import { errorCodeOf, failure, type Outcome, passingFailure, success } from "./outcome.ts";
import { readLiveProcess } from "./process-state.ts";
import { whyNotSignal } from "./signal-safety.ts";
import { createTrigger } from "./trigger-file.ts";

/** Where a handshake takes place, and what is allowed for it. */
export interface HandshakePlace {
  readonly target: AttachTarget;
  readonly limits: AttachLimits;
  readonly folder: FolderHandle;
  readonly namespacePid: number;
  readonly jvm: Credentials;
}

/**
 * Makes the JVM open its socket: a trigger file and one SIGQUIT. One, since a JVM that was only slow takes a second one,
 * once its listener is there, for a wish to see its threads. Gives the socket's path.
 */
export async function startListener(place: HandshakePlace, signal: AbortSignal): Promise<Outcome<string>> {
  const { target, folder, jvm } = place;
  const before = await whyNotNow(place);
  if (!before.ok) return before;
  if (await isReadOnly(folder)) {
    return failure("absent", `${folder.shownAs} is read-only, so the JVM cannot make its socket there`);
  }
  const workingFolder = join(target.procRoot, String(target.identity.pid), "cwd");
  const trigger = await createTrigger(workingFolder, folder, place.namespacePid, jvm);
  if (!trigger.ok) return trigger;
  try {
    const now = await whyNotNow(place);
    if (!now.ok) return now;
    const sent = sendQuit(target.identity.pid);
    if (!sent.ok) return sent;
    target.onSignal();
    return await socketOf(place, signal);
  } finally {
    await trigger.value.remove();
  }
}

/** All that must hold at the moment of the signal, read afresh. */
async function whyNotNow({ target, limits }: HandshakePlace): Promise<Outcome<ProcStatus>> {
  const options = await readLaunchOptions(target);
  const live = await readLiveProcess(target.procRoot, target.identity);
  if (!live.ok) return live;
  const reason = whyNotSignal({
    kind: target.kind,
    status: live.value,
    ageMillis: target.now() - target.identity.startedAtMillis,
    minAgeMillis: limits.minProcessAgeMillis,
    options,
    canAttach: target.canAttach(),
  });
  if (reason !== undefined) return reason;
  // The signal goes to a process id as this process sees it: another /proc may number processes in its own way.
  return target.procRoot === ownProc ? live : readLiveProcess(ownProc, target.identity);
}

const ownProc = "/proc";

function sendQuit(pid: number): Outcome<undefined> {
  try {
    process.kill(pid, "SIGQUIT");
    return success(undefined);
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === "ESRCH") return passingFailure("absent", `process ${pid} has ended`);
    return failure("denied", `process ${pid} cannot be sent SIGQUIT (${code}); run jprof as its user, or as root`);
  }
}

/** Looks for the socket, less and less often, until it is there or the time is up. */
async function socketOf(place: HandshakePlace, signal: AbortSignal): Promise<Outcome<string>> {
  const { target, limits, folder, namespacePid, jvm } = place;
  const deadline = performance.now() + limits.handshakeMillis;
  for (let pauseMillis = 2; performance.now() < deadline; pauseMillis = Math.min(pauseMillis * 1.5, 200)) {
    await sleep(pauseMillis, undefined, { signal }).catch(errorCodeOf);
    if (signal.aborted) return passingFailure("failed", "given up while the JVM was opening its socket");
    const found = await findSocket(folder, namespacePid, jvm.uid);
    if (!found.ok) return found;
    if (found.value !== undefined) return success(found.value);
    const live = await readLiveProcess(target.procRoot, target.identity);
    if (!live.ok) return live;
  }
  return failure("timeout", `the JVM opened no socket within ${limits.handshakeMillis} ms of SIGQUIT`);
}
