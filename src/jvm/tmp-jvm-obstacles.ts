import { accessSync, constants } from "node:fs";
import type { Obstacle } from "../model/jvm-source.ts";
import type { TargetIdentity } from "../model/target.ts";
import { ownCredentials, whyTurnedAway } from "./attach/credentials.ts";
import type { TmpJvm } from "./tmp-files.ts";

/** What cannot be seen of a JVM of another PID namespace, by its files alone. */
export function tmpJvmObstacles(jvm: TmpJvm, identity: TargetIdentity, tmpFolder: string): readonly Obstacle[] {
  return [hidden(identity), counters(jvm, tmpFolder), attach(jvm, identity, tmpFolder)].filter(
    (obstacle) => obstacle !== undefined,
  );
}

function hidden({ namespacePid }: TargetIdentity): Obstacle {
  return {
    code: "pid-namespace-hidden",
    tier: "proc",
    detail: `the JVM is process ${namespacePid} of another PID namespace: its memory, CPU time and container cannot be seen`,
    fix: "share that of the pod (pod spec: shareProcessNamespace: true), or leave these to the kubelet's own metrics",
  };
}

function counters({ pid, file, counters: read }: TmpJvm, tmpFolder: string): Obstacle | undefined {
  if (file === undefined) {
    return {
      code: "perf-file-missing",
      tier: "perf-counters",
      detail: `there is no ${tmpFolder}/hsperfdata_*/${pid}: the JVM has -XX:+PerfDisableSharedMem or -XX:-UsePerfData, or its user no name in /etc/passwd`,
      fix: "remove that flag, or set runAsUser to a user that the image has",
    };
  }
  if (read === undefined || !("code" in read)) return undefined;
  return {
    code: "perf-file-unreadable",
    tier: "perf-counters",
    detail: `${file.path} ${read.code === "denied" ? "is" : "holds no counters, or is"} for uid ${file.uid} only`,
    fix: `run jprof as that user (securityContext: {runAsUser: ${file.uid}})`,
  };
}

function attach({ pid, socket }: TmpJvm, identity: TargetIdentity, tmpFolder: string): Obstacle | undefined {
  if (socket === undefined) {
    return {
      code: "attach-socket-missing",
      tier: "attach",
      detail: `there is no ${tmpFolder}/.java_pid${pid}, and no signal can ask a JVM of another PID namespace for it`,
      fix: "start the JVM with -XX:+StartAttachListener (JAVA_TOOL_OPTIONS)",
    };
  }
  const { uid, gid } = identity;
  const turnedAway = whyTurnedAway(ownCredentials(), identity, identity.javaMajor);
  if (turnedAway === undefined && isWritable(socket.path)) return undefined;
  return {
    code: turnedAway ? "attach-other-user" : "attach-socket-denied",
    tier: "attach",
    detail: turnedAway?.reason ?? `${socket.path} is for uid ${uid} only`,
    fix: `run jprof as uid ${uid} and gid ${gid} (securityContext: {runAsUser: ${uid}, runAsGroup: ${gid}})`,
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
