import type { Obstacle } from "../model/jvm-source.ts";
import type { AccessSubject } from "./access-subject.ts";
import { hasCapability } from "./own-access.ts";

const youngMillis = 10_000;

/** What keeps jprof from the whole process; empty when it runs HotSpot and its files can be read. */
export function processObstacles(subject: AccessSubject): readonly Obstacle[] {
  const { kind, identity, stat, vm, isRootDenied } = subject;
  const { pid } = identity;
  if (stat.state === "Z" || stat.state === "X") {
    return [
      obstacle(
        "zombie",
        `process ${pid} has ended, but its parent ${stat.parentPid} has not taken notice`,
        "let the parent wait for its children: in a container start it under an init (docker run --init, tini)",
      ),
    ];
  }
  if (kind === "openj9") {
    return [
      obstacle(
        "openj9",
        `OpenJ9 (${typeof vm === "object" ? vm.library.path : "libj9vm"}) has no perf counters, and is attached to in another way`,
        "run the service on a HotSpot JVM, such as Temurin, to see inside of it",
      ),
    ];
  }
  if (kind === "native-image") {
    return [
      obstacle(
        "native-image",
        "a GraalVM native image, in which there is no HotSpot to ask",
        "build it with --enable-monitoring and read what it exports by itself",
      ),
    ];
  }
  if (vm === "denied" || isRootDenied) return [deniedFiles(subject)];
  return kind === "unknown" ? [unknownVm(subject)] : [];
}

/** The kernel shows a process's root, memory map and working folder to whom it would let trace it. */
function deniedFiles({ identity, own, folder }: AccessSubject): Obstacle {
  const { pid, uid, gid } = identity;
  if (own.uid !== 0 && own.uid !== uid) {
    return obstacle(
      "other-user",
      `process ${pid} runs as uid ${uid} and jprof as uid ${own.uid}, which may not enter ${folder}/root`,
      `run jprof as uid ${uid} and gid ${gid} (securityContext: {runAsUser: ${uid}, runAsGroup: ${gid}}), or as root with CAP_SYS_PTRACE`,
    );
  }
  if (own.uid !== 0 && own.gid !== gid) {
    return obstacle(
      "other-group",
      `process ${pid} runs with gid ${gid} and jprof with gid ${own.gid}, which may not enter ${folder}/root; further groups do not count`,
      `run jprof with gid ${gid} (securityContext: {runAsUser: ${uid}, runAsGroup: ${gid}}), or as root with CAP_SYS_PTRACE`,
    );
  }
  if (own.uid === 0 && !hasCapability(own, "SYS_PTRACE")) {
    return obstacle(
      "no-ptrace-capability",
      `jprof is root without CAP_SYS_PTRACE, and may not enter ${folder}/root of uid ${uid}`,
      "give it the capability (securityContext: {capabilities: {add: [SYS_PTRACE]}}; docker run --cap-add SYS_PTRACE)",
    );
  }
  return obstacle(
    "not-dumpable",
    `${folder}/root cannot be entered, though jprof is ${own.uid === 0 ? "root" : "the same user"}: the process has capabilities that jprof lacks, or may not be traced`,
    "run jprof with CAP_SYS_PTRACE and with the capabilities of the JVM",
  );
}

function unknownVm({ identity, ageMillis, folder }: AccessSubject): Obstacle {
  const age = `${Math.max(ageMillis / 1000, 0).toFixed(1)} s`;
  if (ageMillis < youngMillis) {
    return obstacle(
      "too-young",
      `process ${identity.pid} started ${age} ago and has not loaded its JVM`,
      "wait a moment",
    );
  }
  return obstacle(
    "no-vm-library",
    `process ${identity.pid} is called java, but ${folder}/maps shows no libjvm.so`,
    "run it on a JDK with a libjvm.so: one that is linked into its launcher is not known to jprof",
  );
}

function obstacle(code: string, detail: string, fix: string): Obstacle {
  return { code, tier: "process", detail, fix };
}
