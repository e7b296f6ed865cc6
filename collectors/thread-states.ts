import { type DumpedThread, parseThreadPrint, type ThreadDump } from "../src/formats/jcmd/thread-print.ts";
import { parseVthreadScheduler, type VthreadScheduler } from "../src/formats/jcmd/vthread-scheduler.ts";
import type { Answer } from "../src/model/answer.ts";
import type { Collection, Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import type { Target } from "../src/model/target.ts";
import { commandReply, nothingOf, samplerOf } from "./command-reply.ts";
import { deadlockedThreadsByMBeans } from "./mbean-threads.ts";

const common = { unit: "{thread}", kind: "gauge", stability: "development" } as const;

/** The sum of its series is `jvm.thread.count` at the time of the dump. */
export const threadStates: Metric = {
  ...common,
  name: "jprof.thread.states",
  labels: ["jvm.thread.state", "jvm.thread.daemon"],
  help: "Platform threads by state, as the last thread dump had them.",
};

export const threadDeadlocked: Metric = {
  ...common,
  name: "jprof.thread.deadlocked",
  labels: [],
  help: "Threads that wait for each other for ever: for monitors or for locks of java.util.concurrent.",
};

export const virtualMounted: Metric = {
  ...common,
  name: "jprof.thread.virtual.mounted",
  labels: [],
  help: "Virtual threads that have a carrier: they run, or cannot let go of it.",
};

export const virtualQueued: Metric = {
  ...common,
  name: "jprof.thread.virtual.queued",
  labels: [],
  help: "Virtual threads that could run, but wait for a carrier.",
};

export const virtualCarriers: Metric = {
  ...common,
  name: "jprof.thread.virtual.carriers",
  labels: [],
  help: "Threads that carry virtual threads, idle ones too.",
};

export const virtualParallelism: Metric = {
  ...common,
  name: "jprof.thread.virtual.parallelism",
  labels: [],
  help: "Virtual threads that may run at the same time.",
};

const schedulerMetrics = [virtualQueued, virtualCarriers, virtualParallelism];
const metrics = [threadStates, threadDeadlocked, virtualMounted, ...schedulerMetrics];

/** Tells what the threads do, by a thread dump, for which the JVM stops them: some milliseconds for hundreds of them. */
export const threadStatesCollector: Collector = {
  name: "thread-states",
  description:
    "platform threads by state, deadlocks, and the carriers of virtual threads; stops the threads for a dump",
  enabledByDefault: true,
  policy: "diagnose",
  everySeconds: 60,
  metrics,
  async collect(target, signal) {
    const answer = await commandReply(target, { command: "Thread.print", parse: parseThreadPrint }, signal);
    if (!answer.ok) return deadlocksOnly(target, answer, signal);
    const sample = samplerOf(answer);
    const { javaThreads, deadlocks } = answer.value;
    const counts = [...countsOf(javaThreads)].map(([key, count]) => {
      const [state = "", daemon = ""] = key.split(" ");
      return sample(threadStates, count, { "jvm.thread.state": state, "jvm.thread.daemon": daemon });
    });
    const deadlocked = deadlocks.reduce((sum, { threads }) => sum + threads.length, 0);
    const mounted = javaThreads.filter((thread) => thread.mounted).length;
    const { samples, missing } = await virtualThreadsOf(target, answer.value, signal);
    return {
      samples: [...counts, sample(threadDeadlocked, deadlocked), sample(virtualMounted, mounted), ...samples],
      missing,
    };
  },
};

/** Where the JVM cannot be asked for a dump, its MBean may tell deadlocks; where it must not, neither must that, which stops it too. */
async function deadlocksOnly(target: Target, { reason, code }: NoDump, signal: AbortSignal): Promise<Collection> {
  if (code === "forbidden") return nothingOf(metrics, reason);
  const answer = await deadlockedThreadsByMBeans(target, signal);
  if (!answer.ok) return nothingOf(metrics, reason);
  const rest = metrics.filter((metric) => metric !== threadDeadlocked);
  return { samples: [samplerOf(answer)(threadDeadlocked, answer.value)], missing: nothingOf(rest, reason).missing };
}

type NoDump = Extract<Answer<never>, { ok: false }>;

/** By state and whether it is a daemon. A carrier has no state while it carries; the JVM's MXBean calls it waiting. */
function countsOf(threads: readonly DumpedThread[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name, state = "WAITING", isDaemon } of threads) {
    if (isHidden(name)) continue;
    const key = `${state.toLowerCase()} ${isDaemon}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Threads of the JVM that a dump shows, but Java code does not see. */
function isHidden(name: string): boolean {
  return hidden.has(name) || /^(?:C1|C2|JVMCI(?:-native)?) CompilerThread\d+$/.test(name);
}

const hidden = new Set(["Service Thread", "Monitor Deflation Thread", "Sweeper thread"]);

/**
 * To ask for the scheduler makes one, with a thread, where the program has not used virtual threads: so it is asked for only where that
 * thread is there already.
 */
async function virtualThreadsOf(target: Target, dump: ThreadDump, signal: AbortSignal): Promise<Collection> {
  if (!dump.javaThreads.some(({ name }) => name === "VirtualThread-unblocker")) {
    return nothingOf(schedulerMetrics, "the program has not used virtual threads, or the JVM is older than 24");
  }
  const question = { command: "Thread.vthread_scheduler", parse: parseVthreadScheduler };
  const answer = await commandReply(target, question, signal);
  if (!answer.ok) return nothingOf(schedulerMetrics, answer.reason);
  const values = schedulerValuesOf(answer.value);
  const sample = samplerOf(answer);
  const missing = schedulerMetrics.filter((_, index) => values[index] === undefined).map(({ name }) => name);
  return {
    samples: values.flatMap((value, index) => (value === undefined ? [] : sample(schedulerMetrics[index]!, value))),
    missing:
      missing.length === 0
        ? []
        : [{ metrics: missing, reason: "the scheduler of virtual threads is not the JVM's own" }],
  };
}

/** Parallel to `schedulerMetrics`. */
function schedulerValuesOf(scheduler: VthreadScheduler | undefined): readonly (number | undefined)[] {
  const { queued, submissions, carriers, parallelism } = scheduler ?? {};
  const waiting = queued === undefined || submissions === undefined ? undefined : queued + submissions;
  return [waiting, carriers, parallelism];
}
