import type { DiscoveredJvm } from "../model/jvm-source.ts";
import type { Agent } from "./agent.ts";
import { missingOf } from "./target-samples.ts";
import { verdictsOf } from "./verdicts.ts";
import type { WatchedTarget } from "./watched-target.ts";

/** What `/targets` answers: each JVM, its tiers, and why something is missing. Plain data for JSON. */
export function targetsReport(agent: Agent, nowMillis: number) {
  return {
    targets: agent.watched().map((target) => watchedEntry(target, nowMillis)),
    unwatched: agent
      .unwatched()
      .map(({ jvm, reason }) => ({ ...identityEntry(jvm), reason, obstacles: jvm.obstacles })),
  };
}

function watchedEntry(target: WatchedTarget, nowMillis: number) {
  const { live, jvm } = target;
  return {
    ...identityEntry({ ...jvm, identity: live.identity }),
    service: target.exported().resource["service.name"],
    policy: live.policy,
    polls: target.polls(),
    up: target.liveness().isUp,
    upReason: target.liveness().reason,
    tiers: live.tiers().map(({ tier, state, detail, lastOkMillis }) => ({
      ...{ tier, state, detail },
      ageSeconds: lastOkMillis === undefined ? null : (nowMillis - lastOkMillis) / 1000,
    })),
    collectors: target.states().map((state) => {
      const { name, lastRun, lastGood, sources } = state;
      const samples = lastGood?.collection.samples ?? [];
      return {
        ...{ name, up: lastRun.failure === undefined, seconds: lastRun.seconds, samples: samples.length },
        ageSeconds: lastGood === undefined ? null : (nowMillis - lastGood.startedAtMillis) / 1000,
        sources: [...sources],
        missing: missingOf(state),
      };
    }),
    ...(target.companion === undefined ? {} : { recording: target.companion.report(nowMillis) }),
    requests: live.usage(),
    verdicts: verdictsOf(target.samples()),
    obstacles: jvm.obstacles,
  };
}

function identityEntry({ identity, kind }: DiscoveredJvm) {
  const { pid, namespacePid, startTicks, startedAtMillis, uid, name } = identity;
  const { javaVersion = null, vmName = null, collector = null, containerId = null } = identity;
  const startedAt = new Date(startedAtMillis).toISOString();
  return { pid, namespacePid, startTicks, startedAt, uid, name, kind, javaVersion, vmName, collector, containerId };
}
