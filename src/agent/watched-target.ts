import type { Collector } from "../model/collector.ts";
import type { ExportedTarget, Exporter } from "../model/exporter.ts";
import type { DiscoveredJvm, Liveness, LiveTarget } from "../model/jvm-source.ts";
import type { Sample } from "../model/metric.ts";
import { allows } from "../model/policy.ts";
import type { Derivation } from "../model/sample-window.ts";
import { ownMetrics, ownSample } from "./own-metrics.ts";
import { type CollectorRun, poll, type Unfinished } from "./poll.ts";
import { createSampleWindow, type GrowingWindow, type WindowLimits } from "./sample-window.ts";
import { type CollectorState, createTargetSamples, type TargetSamples } from "./target-samples.ts";

/** What goes along with the polls of a JVM at its own pace, and is asked for its values when a poll ends. */
export interface Companion {
  samples(nowMillis: number): readonly Sample[];
  /** What `/targets` says of it. */
  report(nowMillis: number): Readonly<Record<string, unknown>>;
  /** Lets go of the JVM, which can still be asked meanwhile. */
  stop(): Promise<void>;
}

/** What is done with every JVM, and how often. */
export interface WatchPlan {
  readonly collectors: readonly Collector[];
  readonly derivations: readonly Derivation[];
  readonly exporters: readonly Exporter[];
  readonly pollMillis: number;
  readonly deadlineMillis: number;
  /** Whether JVMs that were found together are polled apart from their second poll on. */
  readonly spreads?: boolean;
  readonly window: WindowLimits;
  readonly exportedTargetOf: (target: LiveTarget) => ExportedTarget;
  /** Begun with the watch, where there is something to go along. */
  readonly accompany?: ((jvm: DiscoveredJvm, live: LiveTarget) => Companion | undefined) | undefined;
  /** Is told of the runs of every poll, for the log. */
  readonly polled: (target: WatchedTarget, runs: readonly CollectorRun[]) => void;
  /** Is told when a poll ended with an error, which is a bug in jprof; the next one is made all the same. */
  readonly failed: (target: WatchedTarget, error: unknown) => void;
}

/** One JVM that is being watched: polled now and then by itself, whatever others do. */
export interface WatchedTarget {
  /** As it was found last. */
  jvm: DiscoveredJvm;
  readonly live: LiveTarget;
  exported(): ExportedTarget;
  states(): readonly CollectorState[];
  /** Fresh values, with what follows from the window. */
  samples(): readonly Sample[];
  polls(): number;
  /** By the last poll. */
  liveness(): Liveness;
  readonly companion: Companion | undefined;
  /** It is no longer exported at once; what goes along with it may need a moment. */
  stop(): Promise<void>;
}

interface Watch {
  readonly live: LiveTarget;
  readonly plan: WatchPlan;
  readonly companion: Companion | undefined;
  readonly collectors: readonly Collector[];
  readonly samples: TargetSamples;
  readonly window: GrowingWindow;
  readonly unfinished: Unfinished;
  readonly lastStarts: Map<string, number>;
  readonly ended: AbortController;
  current: readonly Sample[];
  polls: number;
  liveness: Liveness;
  /** When the last poll began, and the one before it. */
  begun: readonly [lastMillis: number, beforeMillis: number];
}

/** Begins to poll a JVM: at once, and then every `pollMillis`. */
export function watchTarget(jvm: DiscoveredJvm, live: LiveTarget, plan: WatchPlan): WatchedTarget {
  const companion = plan.accompany?.(jvm, live);
  const watch = beginWatch(live, plan, companion);
  let timer: NodeJS.Timeout | undefined;
  const loop = async () => {
    const began = performance.now();
    try {
      plan.polled(watched, await pollOnce(watch));
    } catch (error) {
      plan.failed(watched, error);
    }
    if (watch.ended.signal.aborted) return;
    const isSecond = plan.spreads === true && watch.polls < 2;
    const periodMillis = isSecond ? plan.pollMillis * shareOfPeriod(jvm) : plan.pollMillis;
    timer = setTimeout(loop, nextDelay(periodMillis, performance.now() - began));
  };
  const watched: WatchedTarget = {
    ...{ jvm, live, companion },
    exported: () => plan.exportedTargetOf(live),
    states: () => watch.samples.states(),
    samples: () => watch.current,
    polls: () => watch.polls,
    liveness: () => watch.liveness,
    async stop() {
      clearTimeout(timer);
      watch.ended.abort();
      const { key } = plan.exportedTargetOf(live);
      for (const exporter of plan.exporters) exporter.forget(key);
      await companion?.stop();
      live.close();
    },
  };
  void loop();
  return watched;
}

function beginWatch(live: LiveTarget, plan: WatchPlan, companion: Companion | undefined): Watch {
  const collectors = plan.collectors.filter(({ policy }) => allows(live.policy, policy));
  const everySeconds = new Map(collectors.map(({ name, everySeconds = 0 }) => [name, everySeconds]));
  const expirySecondsOf = (name: string) => 3 * Math.max(plan.pollMillis / 1000, everySeconds.get(name) ?? 0);
  const needed = new Set(plan.derivations.flatMap(({ needs }) => needs));
  return {
    ...{ live, plan, companion, collectors },
    samples: createTargetSamples(expirySecondsOf),
    window: createSampleWindow(needed, plan.window),
    unfinished: new Set(),
    lastStarts: new Map(),
    ended: new AbortController(),
    current: [],
    polls: 0,
    liveness: { isUp: false, reason: "it was not polled yet" },
    begun: [0, 0],
  };
}

/**
 * After how much of a period a JVM has its second poll, so that those found together do not have all of theirs together: a scrape would
 * wait for them. Multiples of the golden section lie far apart.
 */
function shareOfPeriod({ identity }: DiscoveredJvm): number {
  return (identity.pid * 0.618_033_988_749_895) % 1;
}

/** The next poll begins `pollMillis` after the last one began, but never at once. */
function nextDelay(pollMillis: number, tookMillis: number): number {
  return Math.max(pollMillis - tookMillis, pollMillis / 10);
}

/** The runs of the collectors that were due; none when the watch ended meanwhile. */
async function pollOnce(watch: Watch): Promise<readonly CollectorRun[]> {
  const { live, plan, samples, window, unfinished, ended } = watch;
  const nowMillis = Date.now();
  const due = watch.collectors.filter((collector) => isDue(collector, watch.lastStarts.get(collector.name), nowMillis));
  for (const { name } of due) watch.lastStarts.set(name, nowMillis);
  const runs = await poll(live, due, { unfinished, deadlineMillis: plan.deadlineMillis, signal: ended.signal });
  if (ended.signal.aborted) return [];
  samples.add(runs);
  const collected = runs.flatMap(({ collection }) => collection.samples);
  window.add(collected);
  const doneMillis = Date.now();
  const derived = plan.derivations.flatMap((derivation) => derivation.derive(window, doneMillis));
  watch.begun = [nowMillis, watch.begun[0]];
  // One poll may have fallen in a moment when it could not answer.
  watch.liveness = live.liveness(watch.begun[1]);
  const told = watch.companion?.samples(doneMillis) ?? [];
  watch.current = [...samples.current(doneMillis), ...derived, ...told, ...samplesOfWork(watch, doneMillis)];
  watch.polls++;
  const observations = collected.filter(({ metric }) => metric.kind === "histogram");
  const exported = plan.exportedTargetOf(live);
  for (const exporter of plan.exporters) exporter.accept(exported, watch.current, observations);
  return runs;
}

function isDue({ everySeconds = 0 }: Collector, lastStartMillis: number | undefined, nowMillis: number): boolean {
  return lastStartMillis === undefined || nowMillis - lastStartMillis >= everySeconds * 1000 - 500;
}

/** How the collectors of a target did, as samples of that target. */
function samplesOfWork({ liveness, samples }: Watch, nowMillis: number): readonly Sample[] {
  const { collectorUp, collectorDuration, collectorAge, sourceInfo, targetUp } = ownMetrics;
  const work = [ownSample(targetUp, liveness.isUp ? 1 : 0, nowMillis)];
  for (const { name, lastRun, lastGood, sources } of samples.states()) {
    const labels = { "jprof.collector": name };
    work.push(ownSample(collectorUp, lastRun.failure === undefined ? 1 : 0, nowMillis, labels));
    work.push(ownSample(collectorDuration, lastRun.seconds, nowMillis, labels));
    if (lastGood !== undefined)
      work.push(ownSample(collectorAge, ageSecondsOf(lastGood, nowMillis), nowMillis, labels));
    for (const source of sources) work.push(ownSample(sourceInfo, 1, nowMillis, { ...labels, "jprof.source": source }));
  }
  return work;
}

/** Age of the oldest value of a run; of a run without values, of the run itself. */
function ageSecondsOf({ collection: { samples }, startedAtMillis }: CollectorRun, nowMillis: number): number {
  let oldest = samples.length > 0 ? nowMillis : startedAtMillis;
  for (const { takenAtMillis } of samples) if (takenAtMillis < oldest) oldest = takenAtMillis;
  return Math.max(0, (nowMillis - oldest) / 1000);
}
