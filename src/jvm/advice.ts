import type { Obstacle } from "../model/jvm-source.ts";
import { type AccessSubject, mountOf } from "./access-subject.ts";
import { flagSwitch, flagValue } from "./flag-values.ts";

const memoryFileSystems = ["tmpfs", "ramfs", "devtmpfs"];
const firstMajorWithDynamicSwitch = 9;

/** What would make more visible, or do less harm, without being in the way of what jprof does by default. */
export function advice(subject: AccessSubject): readonly Obstacle[] {
  const checks = [countersOnDisk, nativeMemory, jolokia, noExec, dynamicAgents];
  return checks.flatMap((check) => check(subject) ?? []);
}

/** The JVM writes its counters at collections, and waits there while the kernel writes the page back to a slow disk. */
function countersOnDisk({ vm, mounts }: AccessSubject): Obstacle | undefined {
  if (typeof vm !== "object" || vm.perfFile === undefined) return undefined;
  const mount = mountOf(mounts, vm.perfFile.path);
  if (mount === undefined || memoryFileSystems.includes(mount.fileSystem)) return undefined;
  return {
    code: "perf-counters-on-disk",
    tier: "perf-counters",
    detail: `${vm.perfFile.path} is on ${mount.fileSystem}, not in memory: writing back its page can hold the JVM up in a pause`,
    fix: "mount a tmpfs at the JVM's /tmp (volumes: [{name: tmp, emptyDir: {medium: Memory}}])",
  };
}

function nativeMemory({ identity }: AccessSubject): Obstacle | undefined {
  const level = flagValue(identity.flags, "NativeMemoryTracking");
  if (level === "summary" || level === "detail") return undefined;
  return {
    code: "native-memory-untracked",
    tier: "attach",
    detail: "the JVM does not track its native memory, so what is outside of the heap is not told apart",
    fix: "start the JVM with -XX:NativeMemoryTracking=summary; it costs 16 bytes for each block of memory that the JVM takes from malloc",
  };
}

function jolokia({ identity }: AccessSubject): Obstacle | undefined {
  if (identity.flags.some((flag) => /^-javaagent:.*jolokia/.test(flag))) return undefined;
  return {
    code: "jolokia-absent",
    tier: "mbeans",
    detail: "no Jolokia agent is among the JVM's flags, so the MBeans of its service are not read",
    fix: "start the JVM with -javaagent:jolokia-agent-jvm.jar=host=127.0.0.1,port=8778",
  };
}

function noExec({ mounts }: AccessSubject): Obstacle | undefined {
  const mount = mountOf(mounts, "/tmp");
  if (!mount?.options.includes("noexec")) return undefined;
  return {
    code: "tmp-noexec",
    tier: "attach",
    detail: "/tmp is mounted noexec: no native profiler can be loaded from there",
    fix: "keep the profiler's library on another volume, which both the JVM and jprof can see",
  };
}

function dynamicAgents({ identity: { flags, javaMajor = 0 } }: AccessSubject): Obstacle | undefined {
  if (javaMajor < firstMajorWithDynamicSwitch || flagSwitch(flags, "EnableDynamicAgentLoading") !== false)
    return undefined;
  return {
    code: "agents-refused",
    tier: "attach",
    detail: "the JVM runs with -XX:-EnableDynamicAgentLoading, and takes no profiler while it runs",
    fix: "remove -XX:-EnableDynamicAgentLoading, or load the profiler at start with -agentpath",
  };
}
