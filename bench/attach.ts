import { createAttachQueue } from "../src/jvm/requests/attach-queue.ts";
import { jdksOf } from "../test/jdk.ts";
import { startIdle } from "../test/jvm/attach/idle-jvm.ts";

/** What it takes to ask a JVM: to its listener for the first time, and then for one and for several commands. */
const rounds = 300;
const batch = ["VM.uptime", "GC.heap_info", "Compiler.codecache", "VM.metaspace basic"];
const signal = new AbortController().signal;

for (const jdk of jdksOf(17, 25)) {
  const handshakes: number[] = [];
  for (let times = 0; times < 5; times++) handshakes.push(await handshakeMillis());
  const jvm = await startIdle(jdk, { args: ["100"] });
  const exchanges: number[] = [];
  const queue = queueTo(jvm, (seconds) => exchanges.push(seconds * 1000));
  await queue.jcmd("VM.uptime", signal);
  const single = await timed(() => queue.jcmd("VM.uptime", signal));
  const asked = exchanges.splice(0).slice(-rounds);
  const several = await timed(() => Promise.all(batch.map((command) => queue.jcmd(command, signal))));
  const together = exchanges.splice(0).slice(-rounds);
  queue.close();
  await jvm.stop();
  console.log(`JDK ${jdk.major}, idle, 100 threads; milliseconds, median and p99`);
  console.log(`  first contact, with signal and probe  ${quantiles(handshakes)}`);
  console.log(`  one command, whole                    ${quantiles(single)}   on the socket ${quantiles(asked)}`);
  console.log(
    `  ${batch.length} commands in one request, whole     ${quantiles(several)}   on the socket ${quantiles(together)}`,
  );

  async function handshakeMillis(): Promise<number> {
    const fresh = await startIdle(jdk);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const own = queueTo(fresh, () => undefined);
    const startedAt = performance.now();
    await own.jcmd("VM.uptime", signal);
    const millis = performance.now() - startedAt;
    own.close();
    await fresh.stop();
    return millis;
  }
}

function queueTo(jvm: Pick<Awaited<ReturnType<typeof startIdle>>, "identity">, spent: (seconds: number) => void) {
  return createAttachQueue({
    identity: jvm.identity,
    kind: "hotspot",
    policy: "observe",
    limits: { minProcessAgeMillis: 0, requestsPerMinute: 1e6 },
    audit: (entry) => spent(entry.seconds),
    stoppedSeconds: () => undefined,
    liveBytes: () => undefined,
  });
}

async function timed(ask: () => Promise<unknown>): Promise<readonly number[]> {
  const millis: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await ask();
    millis.push(performance.now() - startedAt);
  }
  return millis;
}

function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0).toFixed(2);
  return `${at(0.5)} ${at(0.99)}`;
}
