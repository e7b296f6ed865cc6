import type { ExportedTarget } from "../model/exporter.ts";
import type { DiscoveredJvm, JvmSource } from "../model/jvm-source.ts";
import type { Sample } from "../model/metric.ts";
import { targetKeyOf } from "../model/target.ts";
import { ownMetrics, ownSample } from "./own-metrics.ts";
import { type WatchedTarget, type WatchPlan, watchTarget } from "./watched-target.ts";

/** What the agent is made of, and how often it does what. */
export interface AgentParts {
  readonly jvms: JvmSource;
  readonly plan: WatchPlan;
  readonly isWanted: (jvm: DiscoveredJvm) => boolean;
  readonly tickMillis: number;
  readonly discoveryMillis: number;
  /** Most JVMs to watch at one time; the longest-lived come first. */
  readonly targets: number;
  /** jprof itself, as exporters name it. */
  readonly self: ExportedTarget;
  /** What the last page of metrics took to make; undefined before the first. */
  readonly scrapeSeconds: () => number | undefined;
  readonly log: AgentLog;
}

/** The few things that the agent tells its log. */
export interface AgentLog {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

export interface Agent {
  /** JVMs that are being watched, oldest first. */
  watched(): readonly WatchedTarget[];
  /** JVMs that were found and are left alone, with why. */
  unwatched(): readonly { readonly jvm: DiscoveredJvm; readonly reason: string }[];
  /** Whether the JVMs have been looked for, and each that was found has been polled. */
  isReady(): boolean;
  /** Seconds since the loop last looked for JVMs. */
  idleSeconds(): number;
  stop(): Promise<void>;
}

interface Fleet {
  readonly parts: AgentParts;
  readonly watched: Map<string, WatchedTarget>;
  unwatched: readonly { readonly jvm: DiscoveredJvm; readonly reason: string }[];
  discoveries: number;
  lastDiscovery: number;
  worstTickLagMillis: number;
  readonly ended: AbortController;
}

/** Watches every JVM that comes and goes, until `stop`. */
export function startAgent(parts: AgentParts): Agent {
  const fleet: Fleet = {
    ...{ parts, watched: new Map(), unwatched: [], discoveries: 0, worstTickLagMillis: 0 },
    ...{ lastDiscovery: performance.now(), ended: new AbortController() },
  };
  const ticking = startTicking(fleet);
  let timer: NodeJS.Timeout | undefined;
  let discovering: Promise<void> = Promise.resolve();
  const loop = () => {
    discovering = discover(fleet).then(() => {
      if (!fleet.ended.signal.aborted) timer = setTimeout(loop, parts.discoveryMillis);
    });
  };
  loop();
  return {
    watched: () => [...fleet.watched.values()],
    unwatched: () => fleet.unwatched,
    isReady: () => fleet.discoveries > 0 && [...fleet.watched.values()].every((target) => target.polls() > 0),
    idleSeconds: () => (performance.now() - fleet.lastDiscovery) / 1000,
    async stop() {
      clearInterval(ticking);
      clearTimeout(timer);
      fleet.ended.abort();
      await discovering;
      await Promise.all([...fleet.watched.values()].map((target) => target.stop()));
      fleet.watched.clear();
    },
  };
}

/** One timer looks at all targets; one that throws is not looked at between polls any more. */
function startTicking(fleet: Fleet): NodeJS.Timeout {
  const { tickMillis, log } = fleet.parts;
  const broken = new Set<WatchedTarget>();
  const tick = (target: WatchedTarget) => {
    if (broken.has(target)) return;
    try {
      target.live.tick();
    } catch (error) {
      broken.add(target);
      log.warn({ ...factsOf(target.jvm), error: String(error) }, "cannot follow the perf counters between polls");
    }
  };
  let dueMillis = performance.now() + tickMillis;
  return setInterval(() => {
    const nowMillis = performance.now();
    fleet.worstTickLagMillis = Math.max(fleet.worstTickLagMillis, nowMillis - dueMillis);
    dueMillis = nowMillis + tickMillis;
    fleet.watched.forEach(tick);
  }, tickMillis);
}

async function discover(fleet: Fleet): Promise<void> {
  const { jvms, log, plan } = fleet.parts;
  try {
    const found = await jvms.list(AbortSignal.any([fleet.ended.signal, AbortSignal.timeout(30_000)]));
    if (fleet.ended.signal.aborted) return;
    apply(fleet, found);
    fleet.discoveries++;
    fleet.lastDiscovery = performance.now();
  } catch (error) {
    if (!fleet.ended.signal.aborted) log.warn({ error: String(error) }, "cannot look for JVMs");
  }
  try {
    const samples = samplesOfSelf(fleet);
    for (const exporter of plan.exporters) exporter.accept(fleet.parts.self, samples, []);
  } catch (error) {
    log.warn({ error: String(error) }, "cannot tell of jprof itself");
  }
  fleet.worstTickLagMillis = 0;
}

/** Begins with JVMs that are new, and lets go of those that are gone. */
function apply(fleet: Fleet, found: readonly DiscoveredJvm[]): void {
  const { parts, watched } = fleet;
  const chosen = choose(parts, found);
  const keys = new Set(chosen.watch.map(({ identity }) => targetKeyOf(identity)));
  for (const [key, target] of watched) {
    if (keys.has(key)) continue;
    void target.stop();
    watched.delete(key);
    parts.log.info(factsOf(target.jvm), "no longer watching");
  }
  for (const jvm of chosen.watch) {
    const key = targetKeyOf(jvm.identity);
    const known = watched.get(key);
    if (known !== undefined) {
      known.jvm = jvm;
      continue;
    }
    watched.set(key, watchTarget(jvm, parts.jvms.open(jvm), parts.plan));
    parts.log.info(factsOf(jvm), "watching");
  }
  fleet.unwatched = chosen.leave;
}

function choose({ isWanted, targets }: AgentParts, found: readonly DiscoveredJvm[]) {
  const byAge = [...found].sort(
    (a, b) => a.identity.startTicks - b.identity.startTicks || a.identity.pid - b.identity.pid,
  );
  const watch: DiscoveredJvm[] = [];
  const leave: { jvm: DiscoveredJvm; reason: string }[] = [];
  for (const jvm of byAge) {
    if (jvm.kind !== "hotspot") leave.push({ jvm, reason: `not a HotSpot JVM (${jvm.kind})` });
    else if (!isWanted(jvm)) leave.push({ jvm, reason: "not selected by the configuration" });
    else if (watch.length >= targets) leave.push({ jvm, reason: `limits.targets is ${targets}` });
    else watch.push(jvm);
  }
  return { watch, leave };
}

function factsOf({ identity, kind }: DiscoveredJvm): Readonly<Record<string, unknown>> {
  const { pid, startTicks, name, javaVersion } = identity;
  return { pid, startTicks, name, kind, javaVersion };
}

/** jprof itself is a target of its exporters too. */
function samplesOfSelf(fleet: Fleet): readonly Sample[] {
  const nowMillis = Date.now();
  const { user, system } = process.cpuUsage();
  const states = {
    watched: fleet.watched.size,
    unsupported: fleet.unwatched.filter(({ jvm }) => jvm.kind !== "hotspot").length,
    ignored: fleet.unwatched.filter(({ jvm }) => jvm.kind === "hotspot").length,
  };
  return [
    ...Object.entries(states).map(([state, count]) =>
      ownSample(ownMetrics.targetCount, count, nowMillis, { "jprof.state": state }),
    ),
    ownSample(ownMetrics.tickLag, fleet.worstTickLagMillis / 1000, nowMillis),
    ownSample(ownMetrics.cpuTime, user / 1e6, nowMillis, { "cpu.mode": "user" }),
    ownSample(ownMetrics.cpuTime, system / 1e6, nowMillis, { "cpu.mode": "system" }),
    ownSample(ownMetrics.memoryUsage, process.memoryUsage.rss(), nowMillis),
    ownSample(ownMetrics.uptime, process.uptime(), nowMillis),
    ...samplesOfExport(fleet.parts, nowMillis),
  ];
}

function samplesOfExport({ plan, scrapeSeconds }: AgentParts, nowMillis: number): readonly Sample[] {
  const seconds = scrapeSeconds();
  return [
    ...plan.exporters.map((exporter) =>
      ownSample(ownMetrics.seriesDropped, exporter.droppedSeries(), nowMillis, { "jprof.exporter": exporter.name }),
    ),
    ...(seconds === undefined ? [] : [ownSample(ownMetrics.scrapeDuration, seconds, nowMillis)]),
  ];
}
