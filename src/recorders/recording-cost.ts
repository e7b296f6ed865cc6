import { readdirSync } from "node:fs";
import { readStat, readStatus } from "../jvm/proc-reads.ts";
import type { RecordCost, RecordTarget } from "../model/recorder.ts";

/** Linux's clock ticks per second, as every platform that jprof runs on has them. */
const ticksPerSecond = 100;
const recorderThread = /^(JFR |asprof|async-profiler)/;

/** What a capture costs the JVM: begun before it, `soFar` tells the difference. */
export interface CostMeter {
  soFar(): RecordCost;
}

/** Reads the process before the first request is sent. */
export function startCostMeter({ live, procRoot, tmpFolder }: RecordTarget): CostMeter {
  const folder = `${procRoot}/${live.identity.pid}`;
  const isSeen = tmpFolder === undefined;
  const before = isSeen ? look(folder) : undefined;
  const stoppedBefore = stoppedSecondsOf({ live });
  return {
    soFar() {
      const after = isSeen ? look(folder) : undefined;
      return {
        cpuSeconds: difference(after?.cpuSeconds, before?.cpuSeconds),
        residentBytes: difference(after?.residentBytes, before?.residentBytes),
        stoppedSeconds: stoppedSecondsOf({ live }) - stoppedBefore,
      };
    },
  };
}

function stoppedSecondsOf({ live }: Pick<RecordTarget, "live">): number {
  return live.usage().reduce((total, { stoppedSeconds }) => total + stoppedSeconds, 0);
}

function look(folder: string) {
  return { cpuSeconds: recorderSeconds(`${folder}/task`), residentBytes: residentBytesOf(folder) };
}

/** Of the threads that exist now: one that the recorder ended takes its time with it. */
function recorderSeconds(folder: string): number | undefined {
  const threads = recorderThreads(folder);
  return threads?.reduce((sum, thread) => sum + (threadSeconds(`${folder}/${thread}`) ?? 0), 0);
}

/** Ids of the recording threads in the folder `task` of a process; undefined where that cannot be seen. */
export function recorderThreads(folder: string): readonly string[] | undefined {
  return tasksIn(folder)?.filter((task) => recorderThread.test(readStat(`${folder}/${task}`)?.command ?? ""));
}

/** Processor time of a recording thread; undefined when it has ended. */
export function threadSeconds(folder: string): number | undefined {
  const stat = readStat(folder);
  if (stat === undefined || !recorderThread.test(stat.command)) return undefined;
  return (stat.userTicks + stat.systemTicks) / ticksPerSecond;
}

/** What is resident of a process; undefined where that cannot be seen. */
export function residentBytesOf(folder: string): number | undefined {
  return readStatus(folder)?.residentBytes;
}

function tasksIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}
