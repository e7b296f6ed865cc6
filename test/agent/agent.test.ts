import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type AgentParts, startAgent } from "../../src/agent/agent.ts";
import { exportedTargetOf } from "../../src/agent/service.ts";
import { targetsReport } from "../../src/agent/targets-report.ts";
import type { DiscoveredJvm, LiveTarget, Obstacle } from "../../src/model/jvm-source.ts";
import { until } from "../agent-process.ts";
import { identityOf } from "../jvm/attach/idle-jvm.ts";

const obstacle: Obstacle = { code: "too-young", tier: "process", detail: "it has just started", fix: "wait a moment" };
const identity = identityOf(process.pid, 25);

/** A JVM that answers nothing; `obstacles` are what its discovery tells of it now. */
function parts(obstacles: () => readonly Obstacle[]): AgentParts {
  const found = (): DiscoveredJvm => ({ kind: "hotspot", identity, obstacles: obstacles() });
  const live = {
    identity,
    policy: "observe",
    tick() {},
    tiers: () => [],
    liveness: () => ({ isUp: true, reason: "" }),
    usage: () => [],
    close() {},
  } as const;
  return {
    jvms: { list: async () => [found()], open: () => live as unknown as LiveTarget },
    plan: {
      ...{ collectors: [], derivations: [], exporters: [], pollMillis: 50, deadlineMillis: 50 },
      window: { pointsPerSeries: 1, seriesPerMetric: 1, ageSeconds: 1 },
      exportedTargetOf: () => exportedTargetOf(identity, { serviceName: undefined, attributes: {} }),
      polled: () => undefined,
      failed: () => undefined,
    },
    isWanted: () => true,
    ...{ tickMillis: 1_000, discoveryMillis: 20, targets: 1 },
    scrapeSeconds: () => undefined,
    self: { key: "jprof", resource: {}, startedAtMillis: 0, identity: undefined },
    log: { info: () => undefined, warn: () => undefined },
  };
}

test("what is in the way of a watched JVM is told as it is now, not as it was when it was found", async () => {
  let obstacles: readonly Obstacle[] = [obstacle];
  const agent = startAgent(parts(() => obstacles));
  const told = () => targetsReport(agent, Date.now()).targets[0]?.obstacles;
  try {
    await until(() => told() !== undefined, 5_000);
    expect(told()).toEqual([obstacle]);
    obstacles = [];
    await until(() => told()?.length === 0, 5_000);
    await sleep(50);
    expect(agent.watched()[0]?.polls()).toBeGreaterThan(0);
  } finally {
    await agent.stop();
  }
});
