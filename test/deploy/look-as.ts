import { createDiscovery } from "../../src/jvm/discovery.ts";
import { openLiveTarget } from "../../src/jvm/live-target.ts";
import { createTmpDiscovery } from "../../src/jvm/tmp-discovery.ts";
import type { Answer } from "../../src/model/answer.ts";

// Run by a test under the user and capabilities that it is about: prints what can be seen of the JVM with this pid.
const pid = Number(process.argv[2]);
const signal = AbortSignal.timeout(20_000);
const codeOf = (answer: Answer<unknown>) => (answer.ok ? "ok" : answer.code);

const jvm = (await createDiscovery().list(signal)).find(({ identity }) => identity.pid === pid);
if (jvm === undefined) throw new Error(`process ${pid} is not seen`);
const target = openLiveTarget(jvm, {
  ...{ procRoot: "/proc", sysRoot: "/sys", policy: "observe", openMBeans: undefined },
  limits: { minProcessAgeMillis: 0 },
  audit: () => undefined,
});
const unseen = createTmpDiscovery({ folders: ["/tmp"] }).list([]);
process.stdout.write(
  JSON.stringify({
    kind: jvm.kind,
    counters: codeOf(await target.perfCounters(signal)),
    io: codeOf(await target.readProc("io", signal)),
    status: codeOf(await target.readProc("status", signal)),
    residentMemory: codeOf(await target.readProc("smaps_rollup", signal)),
    attach: codeOf(await target.jcmd("VM.uptime", signal)),
    obstacles: jvm.obstacles.map(({ code }) => code),
    byFilesAlone: unseen.find(({ identity }) => identity.namespacePid === pid)?.kind,
  }),
);
target.close();
