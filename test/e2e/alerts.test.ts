import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ruleGroups } from "../../dashboards/alerts/index.ts";
import { paceOf } from "../../dashboards/alerts/rule.ts";
import { ruleFileOf } from "../../dashboards/alerts/rule-file.ts";
import { startAgentProcess, until } from "../agent-process.ts";
import { compileJava, someJdk, startJvm } from "../jdk.ts";
import { findProgram, startPrometheus } from "../prometheus.ts";

const jdk = someJdk();
const program = findProgram("prometheus");

test.skipIf(jdk === undefined || program === undefined)(
  "a leaking JVM makes the alert of the heap fire in a real Prometheus, and none of those that are not meant",
  { timeout: 150_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "jprof-alerts-"));
    const config = join(folder, "jprof.json");
    writeFileSync(config, JSON.stringify({ pollSeconds: 1, discoverySeconds: 1, jvms: { include: ["LeakyStore"] } }));
    const classPath = await compileJava(jdk!, join(import.meta.dirname, "../../fixtures/leaky-store/LeakyStore.java"));
    const flags = ["-Xmx128m", "-XX:+UseG1GC", "-Dtarget.mb=40", "-Dgrow.kb=20480", "-Dmost.mb=108"];
    const store = await startJvm(jdk!, { classPath, mainClass: "LeakyStore", flags });
    const agent = await startAgentProcess({ args: ["--config", config] });
    // Minutes of the rules are seconds here.
    const rules = JSON.stringify(ruleFileOf(ruleGroups(paceOf(1 / 60))));
    const prometheus = await startPrometheus(program!, { scrape: `${agent.url}/metrics`, rules });
    try {
      const firing = async () =>
        (await prometheus.alerts()).filter(
          ({ state, labels }) => state === "firing" && labels.process_pid === String(store.pid),
        );
      await until(async () => (await firing()).some(({ labels }) => labels.alertname === "HeapNearlyFull"), 120_000);
      const alerts = await firing();
      const alert = alerts.find(({ labels }) => labels.alertname === "HeapNearlyFull");
      expect(alert?.annotations.summary).toMatch(/^LeakyStore \(pid \d+\): 9\d(\.\d+)?% of the heap/);
      const others = alerts.map(({ labels }) => labels.alertname!).filter((name) => !/^(Heap|Gc)/.test(name));
      expect(others).toEqual([]);
      expect(await prometheus.failedRules()).toEqual([]);
    } finally {
      await prometheus.stop();
      await agent.stop();
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
