import type { AttachLimits, AttachTarget } from "./attach-target.ts";
import { credentialsOf, ownCredentials, whyTurnedAway } from "./credentials.ts";
import { type HandshakePlace, startListener } from "./handshake.ts";
import { findSocket, openTempFolder } from "./listener-socket.ts";
import { failure, type Outcome, success } from "./outcome.ts";
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
