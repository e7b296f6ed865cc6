import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openPerfCounters, type PerfCounterSource } from "../src/jvm/perf-counters.ts";
import type { GcActivity, GcEvent } from "../src/model/gc-event.ts";
import {
  collectionsInLog,
  type LoggedPause,
  pauseLogSelectors,
  pausesOfLog,
  shenandoahCycleSeconds,
} from "./gc-log-pauses.ts";
import { type Jdk, startJvm } from "./jdk.ts";

/** A JVM to run, and for how long to look at it. */
export interface PauseRun {
  readonly jdk: Jdk;
  /** With the compiled `Churn`. */
  readonly classPath: string;
  readonly collector: string;
  readonly flags: readonly string[];
  readonly seconds: number;
}

/** What the counters told, against what the JVM's own log says. */
export interface PauseComparison {
  readonly events: readonly GcEvent[];
  readonly activity: GcActivity;
  /** Stops for a collection in the log. */
  readonly logged: number;
  readonly seen: number;
  /** Of those that were seen, told only as a mean. */
  readonly merged: number;
  /** The greatest difference of a pause that was seen by itself from its line in the log. */
  readonly worstSeconds: number;
  /** Share of those that differ by less than a tenth of a millisecond: a VM thread that loses its processor between the two makes more. */
  readonly closeRatio: number;
  /** Sum of pauses that were seen, over that of the log. */
  readonly sumRatio: number;
  /** Of Shenandoah: the sum of its cycles, over that of the log. */
  readonly cycleRatio: number | undefined;
  /** What the counters say was allocated, over what the program says. */
  readonly allocationRatio: number | undefined;
  /** Processor time of one look. */
  readonly tickMicros: number;
}

interface SeenEvent {
  readonly event: GcEvent;
  readonly isMerged: boolean;
}

const tickMillis = 50;
const quietMillis = 700;

/** Runs a JVM that churns, looks at its counters every 50 ms, and compares with its log. */
export async function comparePauses(run: PauseRun): Promise<PauseComparison> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-pauses-"));
  const log = join(folder, "gc.log");
  const allocatedFile = join(folder, "allocated");
  const startedAtMillis = Date.now();
  const selectors = `-Xlog:${pauseLogSelectors}:file=${log}:uptimenanos,level,tags:filecount=0`;
  const churn = [`-Dallocated.file=${allocatedFile}`, `-Dquiet.millis=${quietMillis}`];
  const { jdk, classPath, flags } = run;
  const jvm = await startJvm(jdk, {
    classPath,
    mainClass: "Churn",
    flags: ["-Xmx64m", selectors, ...churn, ...flags],
  });
  const counters = openPerfCounters({ pid: jvm.pid, namespacePid: jvm.pid, startedAtMillis });
  try {
    await sleep(quietMillis / 2);
    lookOften(counters, 0);
    const before = pausesOfLog(log, run.collector).length;
    const cyclesBefore = collectionsInLog(log);
    const { seen, activity, allocatedBytes, tickMicros } = await lookAt(counters, run.seconds, allocatedFile);
    await jvm.stop();
    const rest = lookOften(counters, activity.mergedEvents);
    const all = [...seen, ...rest];
    const cycles = all.filter(({ event }) => event.kind === "concurrent").map(({ event }) => event.durationSeconds);
    const pauses = all.filter(({ event }) => event.kind === "pause");
    return {
      ...compare(pauses, pausesOfLog(log, run.collector).slice(before)),
      activity,
      cycleRatio: cycles.length === 0 ? undefined : sum(cycles) / shenandoahCycleSeconds(log, cyclesBefore),
      allocationRatio:
        activity.allocatedBytes === undefined || allocatedBytes === 0
          ? undefined
          : activity.allocatedBytes / allocatedBytes,
      tickMicros,
    };
  } finally {
    counters.close();
    await jvm.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lookAt(counters: PerfCounterSource, seconds: number, allocatedFile: string) {
  const seen: SeenEvent[] = [];
  const end = Date.now() + quietMillis / 2 + seconds * 1000;
  let activity = activityOf(counters);
  let ticks = 0;
  let micros = 0;
  while (Date.now() < end) {
    await sleep(tickMillis);
    const usage = process.cpuUsage();
    counters.tick();
    const { user, system } = process.cpuUsage(usage);
    micros += user + system;
    ticks++;
    const merged = activity.mergedEvents;
    activity = activityOf(counters);
    seen.push(...seenEvents(activity, merged));
  }
  const allocatedBytes = existsSync(allocatedFile) ? Number(readFileSync(allocatedFile).readBigInt64BE(0)) : 0;
  return { seen, activity, allocatedBytes, tickMicros: micros / ticks };
}

/** Twice, since stops are told one look late. */
function lookOften(counters: PerfCounterSource, mergedBefore: number): readonly SeenEvent[] {
  counters.tick();
  counters.tick();
  counters.tick();
  return seenEvents(activityOf(counters), mergedBefore);
}

function activityOf(counters: PerfCounterSource): GcActivity {
  const answer = counters.activity();
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

/** Of one look: those that are means have their duration in common. */
function seenEvents({ events, mergedEvents }: GcActivity, mergedBefore: number): readonly SeenEvent[] {
  const durations = events.map(({ durationSeconds }) => durationSeconds);
  const isMean = (seconds: number) => durations.filter((each) => each === seconds).length > 1;
  return events.map((event) => ({ event, isMerged: mergedEvents > mergedBefore && isMean(event.durationSeconds) }));
}

/** The pauses of one name are told in the order in which they happened. */
function compare(seen: readonly SeenEvent[], logged: readonly LoggedPause[]) {
  const differences: number[] = [];
  for (const name of new Set(logged.map((line) => line.name))) {
    const own = seen.filter(({ event }) => event.name === name);
    const lines = logged.filter((line) => line.name === name);
    for (const [index, { event, isMerged }] of own.entries()) {
      const line = lines[index];
      if (!isMerged && line && own.length === lines.length) {
        differences.push(Math.abs(event.durationSeconds - line.seconds));
      }
    }
  }
  return {
    events: seen.map(({ event }) => event),
    logged: logged.length,
    seen: seen.length,
    merged: seen.filter(({ isMerged }) => isMerged).length,
    worstSeconds: Math.max(0, ...differences),
    closeRatio:
      differences.length === 0 ? 1 : differences.filter((difference) => difference < 1e-4).length / differences.length,
    sumRatio: sum(seen.map(({ event }) => event.durationSeconds)) / sum(logged.map(({ seconds }) => seconds)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
