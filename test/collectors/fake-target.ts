import type { Answer } from "../../src/model/answer.ts";
import type { Cgroup } from "../../src/model/cgroup.ts";
import type { GcActivity } from "../../src/model/gc-event.ts";
import type { Source } from "../../src/model/metric.ts";
import type { MBeanRead, PerfCounters, RequestUsage, Target, TargetIdentity } from "../../src/model/target.ts";

/** What a JVM would answer. What is left out is answered with a reason; a whole `Answer` is given as it is. */
export interface Replies {
  readonly identity?: Partial<TargetIdentity>;
  /** By the whole command: `VM.native_memory summary scale=b`. */
  readonly jcmd?: Readonly<Record<string, string | Answer<string>>>;
  /** By name below /proc/PID: `status`. */
  readonly proc?: Readonly<Record<string, string | Answer<string>>>;
  /** Numbers and texts by name; ticks are nanoseconds unless `sun.os.hrt.frequency` says otherwise. */
  readonly perfCounters?: Readonly<Record<string, number | string>> | Answer<PerfCounters>;
  readonly gcActivity?: GcActivity | Answer<GcActivity>;
  readonly cgroup?: Cgroup | Answer<Cgroup>;
  /** By object name or pattern: attributes, or for a pattern an object keyed by MBean name. */
  readonly mbeans?: Readonly<Record<string, unknown>> | Answer<readonly Answer<unknown>[]>;
  readonly usage?: readonly RequestUsage[];
}

/** A target that was asked, with what it was asked. */
export interface FakeTarget extends Target {
  /** Commands, in order. */
  readonly commands: readonly string[];
  /** Files of /proc/PID, in order. */
  readonly files: readonly string[];
  readonly mbeanReads: readonly MBeanRead[];
}

/** When every answer of a fake target was taken. */
export const takenAtMillis = 1_750_000_000_000;

/** A JVM made of recorded replies. */
export function fakeTarget(replies: Replies = {}): FakeTarget {
  const commands: string[] = [];
  const files: string[] = [];
  const mbeanReads: MBeanRead[] = [];
  const { perfCounters, gcActivity, cgroup, mbeans } = replies;
  return {
    commands,
    files,
    mbeanReads,
    identity: { ...someIdentity, ...replies.identity },
    usage: () => replies.usage ?? [],
    async perfCounters(signal) {
      signal.throwIfAborted();
      if (perfCounters === undefined) return noAnswer("no perf counters: -XX:+PerfDisableSharedMem");
      return isAnswer<PerfCounters>(perfCounters) ? perfCounters : answer(countersOf(perfCounters), "perf-counters");
    },
    async gcActivity(signal) {
      signal.throwIfAborted();
      return answerOf(gcActivity, gcActivity && !isAnswer(gcActivity) ? gcActivity.source : "perf-counters");
    },
    async jcmd(command, signal) {
      signal.throwIfAborted();
      commands.push(command);
      return answerOf(replies.jcmd?.[command], "attach", `no reply to ${command}`);
    },
    async readProc(file, signal) {
      signal.throwIfAborted();
      files.push(file);
      return answerOf(replies.proc?.[file], "proc", `no /proc file ${file}`);
    },
    async cgroup(signal) {
      signal.throwIfAborted();
      return answerOf(cgroup, "cgroup");
    },
    async mbeans(reads, signal) {
      signal.throwIfAborted();
      mbeanReads.push(...reads);
      if (mbeans === undefined) return noAnswer("no MBeans: the JVM has no Jolokia agent");
      if (isAnswer<readonly Answer<unknown>[]>(mbeans)) return mbeans;
      const answers = reads.map(({ mbean }) => answerOf(mbeans[mbean], "mbeans", `no MBean ${mbean}`));
      return answer(answers, "mbeans");
    },
  };
}

/** A tier that does not answer, and why. */
export function noAnswer(reason: string, code: "absent" | "forbidden" | "denied" | "timeout" | "failed" = "absent") {
  return { ok: false, reason, code } as const;
}

const someIdentity: TargetIdentity = {
  pid: 4711,
  namespacePid: 4711,
  startTicks: 123_456,
  startedAtMillis: takenAtMillis - 3_600_000,
  uid: 1000,
  gid: 1000,
  name: "Service",
  javaVersion: "25.0.3",
  javaMajor: 25,
  vmName: "OpenJDK 64-Bit Server VM",
  vmVendor: "Eclipse Adoptium",
  collector: "G1",
  generational: undefined,
  flags: [],
  containerId: undefined,
};

function answer<T>(value: T, source: Source): Answer<T> {
  return { ok: true, value, source, takenAtMillis };
}

function answerOf<T>(given: T | Answer<T> | undefined, source: Source, reason = `no ${source}`): Answer<T> {
  if (given === undefined) return noAnswer(reason);
  return isAnswer<T>(given) ? given : answer(given, source);
}

function isAnswer<T>(given: unknown): given is Answer<T> {
  return typeof given === "object" && given !== null && "ok" in given && typeof given.ok === "boolean";
}

function countersOf(values: Readonly<Record<string, number | string>>): PerfCounters {
  const number = (name: string) => (typeof values[name] === "number" ? values[name] : undefined);
  return {
    number,
    text: (name) => (typeof values[name] === "string" ? values[name] : undefined),
    seconds(name) {
      const ticks = number(name);
      return ticks === undefined ? undefined : ticks / (number("sun.os.hrt.frequency") ?? 1e9);
    },
    names: Object.keys(values),
  };
}
