import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ruleGroups } from "../dashboards/alerts/index.ts";
import { paceOf } from "../dashboards/alerts/rule.ts";
import { ruleFileOf } from "../dashboards/alerts/rule-file.ts";
import { findProgram, type RunningPrometheus, startPrometheus } from "../test/prometheus.ts";
import type { Demo } from "./demo-parts.ts";
import type { Jdk } from "./jdk.mjs";

/** The shipped rules wait for minutes; in the demo each of them is a second. */
const secondsOfMinutes = 1 / 60;
const alertMillis = 120_000;
const settings = { listen: "127.0.0.1:0", pollSeconds: 1, discoverySeconds: 1, jvms: { include: ["LeakyStore"] } };
const leak = ["-Xmx256m", "-XX:NativeMemoryTracking=summary", "-Dtarget.mb=60", "-Dgrow.kb=10240", "-Dmost.mb=225"];

/** Watches a leak until its alert fires, and then finds its cause. */
export async function watchLeak(demo: Demo, jdk: Jdk): Promise<void> {
  console.log(`Starting a storage service with a leak (fixtures/leaky-store) on JDK ${jdk.major} …`);
  const service = await demo.startService(jdk, leak);
  writeFileSync(join(demo.folder, "jprof.json"), JSON.stringify(settings));
  console.log("Starting the agent beside it: jprof agent --config jprof.json");
  const agent = await demo.startJprof(["agent", "--config", "jprof.json"], /"msg":"listening"/);
  const { url } = JSON.parse(agent.readyLine) as { url: string };
  console.log(`Its metrics: ${url}`);
  await awaitAlert(demo, url);
  await demo.show(["top", String(service.pid), "--once"]);
  const dump = "leaky-store.hprof";
  console.log(`\nTaking a heap dump: jcmd ${service.pid} GC.heap_dump ${dump}`);
  await execa(join(jdk.home, "bin/jcmd"), [String(service.pid), "GC.heap_dump", join(demo.folder, dump)], {
    cancelSignal: demo.signal,
    timeout: 60_000,
  });
  await demo.analyze(dump);
}

/** In a real Prometheus where there is one; otherwise by what the agent itself thinks of the values. */
async function awaitAlert(demo: Demo, url: string): Promise<void> {
  const program = findProgram("prometheus");
  if (program === undefined) {
    console.log(
      "There is no Prometheus here (Debian: apt-get install prometheus), so no alert can fire; the agent's own verdict instead:",
    );
    return awaitVerdict(demo, url.replace(/metrics$/, "targets"));
  }
  const rules = JSON.stringify(ruleFileOf(ruleGroups(paceOf(secondsOfMinutes))));
  const prometheus = await startPrometheus(program, { scrape: url, rules });
  demo.onClose(() => prometheus.stop());
  console.log(`A Prometheus scrapes it, with jprof's alert rules, their minutes taken as seconds: ${prometheus.url}`);
  await awaitFiring(demo, prometheus);
}

async function awaitFiring(demo: Demo, prometheus: RunningPrometheus): Promise<void> {
  const end = Date.now() + alertMillis;
  while (Date.now() < end) {
    const firing = (await prometheus.alerts()).filter(
      ({ state, labels }) => state === "firing" && labels.alertname?.startsWith("Heap"),
    );
    for (const { labels, annotations } of firing) {
      console.log(`\nALERT ${labels.alertname} (${labels.severity}): ${annotations.summary}`);
      console.log(`      ${annotations.description}`);
    }
    if (firing.length > 0) return;
    await demo.wait(500);
  }
  throw new Error(`no alert of the heap fired within ${alertMillis / 1000} s`);
}

async function awaitVerdict(demo: Demo, targetsUrl: string): Promise<void> {
  const end = Date.now() + alertMillis;
  while (Date.now() < end) {
    const { targets } = (await (await fetch(targetsUrl)).json()) as {
      targets: { verdicts: { severity: string; text: string }[] }[];
    };
    const verdicts = targets
      .flatMap((target) => target.verdicts)
      .filter(({ severity }) => severity === "critical" || severity === "warning");
    for (const { severity, text } of verdicts) console.log(`\n${severity.toUpperCase()}: ${text}`);
    if (verdicts.length > 0) return;
    await demo.wait(500);
  }
  throw new Error(`the agent found nothing within ${alertMillis / 1000} s`);
}
