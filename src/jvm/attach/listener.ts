import type { AttachLimits, AttachTarget } from "./attach-target.ts";
import { credentialsOf, ownCredentials, whyTurnedAway } from "./credentials.ts";
import { type FolderHandle, openFolder } from "./folder-handle.ts";
import { type HandshakePlace, startListener } from "./handshake.ts";
import { findSocket, openTempFolder } from "./listener-socket.ts";
import { errorCodeOf, failure, type Outcome, success } from "./outcome.ts";
import { readLiveProcess } from "./process-state.ts";

/** The way to the socket of a JVM that listens. */
export interface ReachedListener {
  readonly socketPath: string;
  /** Afterwards the path means nothing. */
  close(): Promise<void>;
}

/** Finds a JVM's listener, and starts it where there is none. It is looked for afresh each time: sockets get deleted. */
export type ReachListener = (signal: AbortSignal) => Promise<Outcome<ReachedListener>>;

/** Remembers how often the JVM was signalled for nothing, and stops signalling it then. */
export function listenerOf(target: AttachTarget, limits: AttachLimits): ReachListener {
  const { tmpFolder } = target;
  if (tmpFolder !== undefined) return () => findListener(target, tmpFolder);
  let fruitlessSignals = 0;
  return async (signal) => {
    const place = await openPlace(target, limits);
    if (!place.ok) return place;
    const { folder, namespacePid, jvm } = place.value;
    const close = () => folder.close();
    const found = await findSocket(folder, namespacePid, jvm.uid);
    if (found.ok && found.value !== undefined) {
      return success({ socketPath: found.value, close });
    }
    const started = found.ok ? await start(place.value, signal) : found;
    if (started.ok) return success({ socketPath: started.value, close });
    await close();
    return started;
  };

  async function start(place: HandshakePlace, signal: AbortSignal): Promise<Outcome<string>> {
    if (fruitlessSignals >= limits.maxFruitlessSignals) {
      return failure("absent", `the JVM opened no socket after ${fruitlessSignals} signals, and gets no more`);
    }
    const started = await startListener(place, signal);
    if (started.ok) fruitlessSignals = 0;
    else if (started.code === "timeout") fruitlessSignals += 1;
    return started;
  }
}

/** A JVM whose process cannot be seen cannot be signalled: either it listens by itself, or it is not reached. */
async function findListener({ identity }: AttachTarget, tmpFolder: string): Promise<Outcome<ReachedListener>> {
  const turnedAway = whyTurnedAway(ownCredentials(), identity, identity.javaMajor);
  if (turnedAway !== undefined) return turnedAway;
  const folder = await openKnownFolder(tmpFolder);
  if (!folder.ok) return folder;
  const found = await findSocket(folder.value, identity.namespacePid, identity.uid);
  if (found.ok && found.value !== undefined) {
    return success({ socketPath: found.value, close: () => folder.value.close() });
  }
  await folder.value.close();
  return found.ok ? failure("absent", noListener(tmpFolder, identity.namespacePid)) : found;
}

function noListener(tmpFolder: string, namespacePid: number): string {
  return `${tmpFolder}/.java_pid${namespacePid} is not there, and a JVM in another PID namespace cannot be asked for it by a signal; start it with -XX:+StartAttachListener`;
}

async function openKnownFolder(path: string): Promise<Outcome<FolderHandle>> {
  try {
    return success(await openFolder(path));
  } catch (error) {
    return failure("denied", `${path} cannot be entered (${errorCodeOf(error)})`);
  }
}

/** What must be so before the JVM's socket is even looked for. */
async function openPlace(target: AttachTarget, limits: AttachLimits): Promise<Outcome<HandshakePlace>> {
  const { procRoot, identity } = target;
  const live = await readLiveProcess(procRoot, identity);
  if (!live.ok) return live;
  const jvm = credentialsOf(live.value) ?? identity;
  const turnedAway = whyTurnedAway(ownCredentials(), jvm, identity.javaMajor);
  if (turnedAway !== undefined) return turnedAway;
  const namespacePid = live.value.namespacePids.at(-1) ?? identity.namespacePid;
  const folder = await openTempFolder(procRoot, identity.pid, namespacePid);
  return folder.ok ? success({ target, limits, folder: folder.value, namespacePid, jvm }) : folder;
}
