import type { Obstacle } from "../model/jvm-source.ts";
import { readSubject } from "./access-subject.ts";
import { advice } from "./advice.ts";
import { attachObstacles } from "./attach-obstacles.ts";
import type { IdentifiedJvm } from "./identity.ts";
import { type OwnAccess, ownAccess } from "./own-access.ts";
import { perfObstacles } from "./perf-obstacles.ts";
import { processObstacles } from "./process-obstacles.ts";

/** Where and as whom to look; what is not given is as this process finds it. */
export interface AccessOptions {
  /** `/proc`, or where the host's is mounted. */
  readonly procRoot?: string;
  readonly own?: OwnAccess;
  /** Milliseconds since the epoch. */
  readonly nowMillis?: number;
  /** Whether to tell also what is not in the way, but would make more visible. */
  readonly advises?: boolean;
}

/** What keeps jprof from seeing a JVM or a part of it, by reading alone: no signal is sent, and nothing connected to. */
export async function examineAccess(jvm: IdentifiedJvm, options: AccessOptions = {}): Promise<readonly Obstacle[]> {
  const { procRoot = "/proc", own = ownAccess(), nowMillis = Date.now(), advises = false } = options;
  const subject = readSubject(jvm, procRoot, own, nowMillis);
  if (subject === undefined) {
    const { pid } = jvm.identity;
    return [{ code: "ended", tier: "process", detail: `process ${pid} has ended`, fix: "start it again" }];
  }
  const hiding = processObstacles(subject);
  if (hiding.length > 0) return hiding;
  return [...perfObstacles(subject), ...attachObstacles(subject), ...(advises ? advice(subject) : [])];
}
