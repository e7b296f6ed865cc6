import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import { formatCount, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { ProfileSet } from "../src/model/profile.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { frameNamesOf } from "../src/stacks/stack-totals.ts";
import { callSitesOf } from "./call-sites.ts";
import { limitsEvidence } from "./capture-limits.ts";
import { cpuProfileOf } from "./cpu-profile.ts";
import { classOfFrame, shortFrameName, stableFrameName } from "./frame-names.ts";
import { formatDuration, scoreOfThreads, told } from "./hot-wording.ts";
import { describePools } from "./pool-wording.ts";
import { type StallGroup, stallGroupsOf } from "./stall-groups.ts";
import { stallKinds } from "./stall-kinds.ts";
import { type Stalls, stallsOf } from "./stalls.ts";
import { isServiceThread } from "./thread-roles.ts";
import { hotThresholds } from "./thresholds-hot.ts";
import { sampleSecondsOf } from "./timeline-series.ts";

const limits = hotThresholds.threads;

/** Pools that are busy all the time while others wait for room in their queue. */
export const poolSaturation: Analyzer<"recording" | "profiles"> = {
  name: "pool-saturation",
  description: "thread pools without an idle thread, and producers that wait for room in a queue",
  needs: ["recording", "profiles"],
  analyze({ recording, profiles }) {
    const stalls = stallsOf(recording);
    const queues = stallGroupsOf(recording, stalls, callSitesOf(recording.stacks), ["queue"]);
    const rejections = rejectionsOf(profiles);
    const isIll = queues.some((group) => severityOf(group) !== undefined) || rejections >= limits.rejections;
    if (!isIll) return { findings: [], sections: [] };
    const busy = busyPools(recording, profiles, stalls);
    const findings = queues.flatMap((group) => queueFinding(recording, group, busy));
    if (findings.length === 0) findings.push(...rejectionFinding(busy, rejections));
    return { findings: findings.slice(0, hotThresholds.rows.findings), sections: [] };
  },
};

interface BusyPool {
  readonly pool: string;
  readonly threads: number;
  readonly busyShare: number;
  /** Classes that its threads stood still in: one that has the queue is its consumer. */
  readonly classes: ReadonlySet<string>;
}

/** Pools whose threads do something nearly all the time, from the busiest; waiting for a result counts, waiting for work does not. */
function busyPools(recording: RecordingEvidence, profiles: ProfileSet, stalls: Stalls): readonly BusyPool[] {
  const busySeconds = new Float64Array(recording.threads.length);
  const queue = stallKinds.indexOf("queue");
  const idle = stallKinds.indexOf("idle");
  for (let row = 0; row < stalls.count; row++) {
    if (stalls.kind[row] === idle || stalls.kind[row] === queue) continue;
    busySeconds[stalls.thread[row]!]! += stalls.end[row]! - stalls.start[row]!;
  }
  const cpu = cpuProfileOf(profiles);
  const seconds = cpu && sampleSecondsOf(cpu);
  for (const [sample, thread] of (cpu?.sampleThread ?? []).entries()) {
    if (thread >= 0 && seconds !== undefined) busySeconds[thread]! += seconds(sample);
  }
  const members = Map.groupBy(recording.threads.keys(), (thread) => recording.threads[thread]!.pool);
  return [...members]
    .filter(([, threads]) => !isServiceThread(recording.threads[threads[0]!]!))
    .map(([pool, threads]) => ({
      pool,
      threads: threads.length,
      classes: classesOf(recording, stalls, new Set(threads)),
      busyShare: Math.min(
        ...threads.map((thread) => busySeconds[thread]! / Math.max(stalls.lifeSeconds[thread]!, 1e-9)),
      ),
    }))
    .filter(({ busyShare }) => busyShare >= 1 - 2 * limits.idleShare)
    .sort((a, b) => b.busyShare - a.busyShare || (a.pool < b.pool ? -1 : 1));
}

function classesOf(recording: RecordingEvidence, stalls: Stalls, threads: ReadonlySet<number>): ReadonlySet<string> {
  const stacks = new Set<number>();
  for (let row = 0; row < stalls.count; row++) if (threads.has(stalls.thread[row]!)) stacks.add(stalls.stack[row]!);
  stacks.delete(-1);
  return new Set([...stacks].flatMap((stack) => frameNamesOf(recording.stacks, stack).map(classOfFrame)));
}

function severityOf({ subject, figures }: StallGroup): Severity | undefined {
  const isSignal = /Semaphore/.test(subject) && figures.threads.length === 1;
  if (isSignal) return undefined;
  if (figures.count < hotThresholds.lock.events || figures.meanThreads < limits.queueInfoThreads) return undefined;
  return figures.meanThreads >= limits.queueWarningThreads ? "warning" : "info";
}

function queueFinding(recording: RecordingEvidence, group: StallGroup, busy: readonly BusyPool[]): readonly Finding[] {
  const severity = severityOf(group);
  if (severity === undefined) return [];
  const { site, figures } = group;
  const place = shortFrameName(site);
  const count = figures.threads.length;
  const waiting = `${formatNumberOf(count, "thread")} ${count === 1 ? "waits" : "wait"} ${formatPercent(figures.share)} of the time for room in the queue of \`${place}\``;
  const pool = busy.find(({ classes }) => classes.has(classOfFrame(site)));
  return [
    {
      rule: "threads/pool-saturated",
      key: `threads/pool-saturated:${stableFrameName(site)}`,
      severity,
      score: scoreOfThreads(figures.meanThreads),
      title: pool === undefined ? waiting : `Pool \`${pool.pool}\` has no idle thread, and ${waiting}`,
      impact: { value: figures.totalSeconds, unit: "seconds" },
      evidence: [
        told(
          "waited",
          `${formatNumberOf(figures.count, "time")}, ${formatDuration(figures.totalSeconds)} in all, up to ${figures.peakThreads} at once`,
          "jdk.ThreadPark",
        ),
        told("who", describePools(recording.threads, figures.threads), "jdk.ThreadPark"),
        ...busyEvidence(pool === undefined ? busy : [pool]),
        ...limitsEvidence(recording, ["jdk.ThreadPark"]),
      ],
      advice: `Find what each task behind \`${place}\` waits for and make that shorter; more threads help only when they wait, not when they compute.`,
      docs: "rules/threads.md",
    },
  ];
}

function busyEvidence(busy: readonly BusyPool[]): readonly FindingEvidence[] {
  return busy
    .slice(0, 2)
    .map(({ pool, threads, busyShare }) =>
      told(
        "busy",
        `all ${formatNumberOf(threads, "thread")} of \`${pool}\`, each at least ${formatPercent(busyShare)} of the time`,
        "recorded waits and samples",
      ),
    );
}

/** Tasks that a pool refused. */
function rejectionsOf({ profiles }: ProfileSet): number {
  const profile = profiles.find(({ event }) => event === "jdk.JavaExceptionThrow");
  const wanted = profile?.labels?.indexOf("java.util.concurrent.RejectedExecutionException") ?? -1;
  if (profile?.sampleLabel === undefined || wanted < 0) return 0;
  return profile.sampleCount.reduce(
    (sum, count, sample) => sum + (profile.sampleLabel![sample] === wanted ? count : 0),
    0,
  );
}

function rejectionFinding(busy: readonly BusyPool[], rejections: number): readonly Finding[] {
  if (rejections < limits.rejections) return [];
  const [pool] = busy;
  return [
    {
      rule: "threads/pool-saturated",
      key: "threads/pool-saturated:rejected",
      severity: "warning",
      score: 60,
      title: `${formatCount(rejections)} tasks were rejected by a full pool${pool === undefined ? "" : `; \`${pool.pool}\` has no idle thread`}`,
      impact: { value: rejections, unit: "count" },
      evidence: [
        told("thrown", "java.util.concurrent.RejectedExecutionException", "jdk.JavaExceptionThrow"),
        ...busyEvidence(busy),
      ],
      advice: "Find what the pool's tasks wait for; a bigger queue only moves the wait.",
      docs: "rules/threads.md",
    },
  ];
}
