import type { ProcStatus } from "../../formats/proc/status.ts";
import { type Failure, failure } from "./outcome.ts";

/** Whom a process acts as: the effective user and group. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
}

/** The effective user and group of a process; undefined where the kernel does not tell. */
export function credentialsOf(status: ProcStatus): Credentials | undefined {
  const [, uid] = status.uids;
  const [, gid] = status.gids;
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** The user and group that jprof itself acts as. */
export function ownCredentials(): Credentials {
  return { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };
}

/**
 * Why a JVM would turn `own` away. It answers its own user and group, and root too since JDK 11 (JDK-8197387); it
 * says nothing to others, so they must find out beforehand.
 */
export function whyTurnedAway(own: Credentials, jvm: Credentials, javaMajor: number | undefined): Failure | undefined {
  if (own.uid === jvm.uid && own.gid === jvm.gid) return undefined;
  const whose = `the JVM runs as uid ${jvm.uid}, gid ${jvm.gid} and jprof as uid ${own.uid}, gid ${own.gid}`;
  if (own.uid !== 0) return failure("denied", `${whose}; run jprof as that user and group, or as root`);
  if (javaMajor === undefined || javaMajor >= firstMajorForRoot) return undefined;
  return failure("denied", `${whose}; Java ${javaMajor} answers its own user only: run jprof as that user and group`);
}

const firstMajorForRoot = 11;
