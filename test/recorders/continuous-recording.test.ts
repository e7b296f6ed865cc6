import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { readChunkHeader } from "../../src/formats/jfr/chunk-header.ts";
import { LiveMetadata } from "../../src/formats/jfr/live-metadata.ts";
import { LiveTail, type LiveVisitor } from "../../src/formats/jfr/live-tail.ts";
import { readRecording } from "../../src/formats/jfr/read-recording.ts";
import { chunkNames, openChunk, type Repository } from "../../src/recorders/repository.ts";
import { until } from "../agent-process.ts";
import { compileJava, type Jdk, jdksOf, type RunningJvm, someJdk, startJvm } from "../jdk.ts";
import { recordContinuously } from "./record-continuously.ts";

const source = join(import.meta.dirname, "../../fixtures/hotpaths/HotPaths.java");
const started: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop();
});

async function jvmWith(jdk: Jdk, fault: string): Promise<RunningJvm> {
  const flags = ["-Xmx64m", "-XX:+UseSerialGC", "-Dhotpaths.seconds=100"];
  const classPath = await compileJava(jdk, source);
  const jvm = await startJvm(jdk, { classPath, mainClass: "HotPaths", flags, args: [fault] });
  started.push(jvm);
  return jvm;
}

async function recorded(jvm: RunningJvm, ageSeconds = 600) {
  const one = await recordContinuously(jvm.pid, ageSeconds);
  started.push(one);
  return one;
}

/** A recorder in a process of its own, which is killed. */
async function killedRecorder(jvm: RunningJvm, ageSeconds: number): Promise<void> {
  const script = join(import.meta.dirname, "record-continuously.ts");
  const child = spawn(process.execPath, [script, String(jvm.pid), String(ageSeconds)], {
    stdio: ["ignore", "pipe", 2],
  });
  await once(child.stdout!, "data");
  child.kill("SIGKILL");
  await once(child, "close");
}

const runningIn = async (jvm: RunningJvm) =>
  [...(await jvm.jcmd("JFR.check")).matchAll(/name=(jprof-\S+)/g)].map(([, name]) => name!);

const [jdk17] = jdksOf(17);
const newest = jdksOf(25)[0] ?? someJdk();

function bytesOf(repository: Repository, name: string): Uint8Array {
  const source = openChunk(repository, name)!;
  const bytes = new Uint8Array(Math.min(source.sizeBytes, readChunkHeader(source, 0)!.sizeBytes));
  source.read(0, bytes);
  source.close();
  return bytes;
}

/** What is read while a chunk is written, and what the reader of whole recordings finds in it: by event, thread and leaf. */
function expectSameByBothReaders(bytes: Uint8Array): void {
  const along = new Map<string, number>();
  const visitor: LiveVisitor = {
    sinkOf({ name, fields }, names) {
      const slotOf = (path: string) => fields.find((field) => field.path === path)?.slot ?? -1;
      const [thread, stack] = [Math.max(slotOf("eventThread"), slotOf("sampledThread")), slotOf("stackTrace")];
      if (thread < 0 || stack < 0) return undefined;
      return (slots) => count(along, [name, names.thread(slots[thread]!)?.name, names.leafMethod(slots[stack]!)]);
    },
  };
  new LiveTail(visitor, new LiveMetadata()).advance(memorySource("chunk", bytes));
  const whole = new Map<string, number>();
  const { profiles, threads } = readRecording(memorySource("chunk", bytes), { tables: [] }).profiles;
  for (const { event, stacks, sampleStack, sampleThread, sampleCount } of profiles) {
    sampleStack.forEach((stack, sample) => {
      const leaf = stack < 0 ? undefined : stacks.frameNames[stacks.stackFrame[stack]!];
      count(whole, [event, threads[sampleThread![sample]!]?.name, leaf], sampleCount[sample]);
    });
  }
  expect(whole.size).toBeGreaterThan(0);
  for (const [key, events] of whole) expect(along.get(key), key).toBe(events);
}

function count(counts: Map<string, number>, key: readonly (string | undefined)[], events = 1): void {
  const text = key.join(" | ");
  counts.set(text, (counts.get(text) ?? 0) + events);
}

for (const jdk of new Set([jdk17, newest])) {
  if (jdk === undefined) continue;
  describe(`recording a JVM of JDK ${jdk.major} on and on`, { timeout: 90_000 }, () => {
    test("names the hot method and its pool, and ends with nothing left", async () => {
      const jvm = await jvmWith(jdk, "hot-method");
      const one = await recorded(jvm);
      const { cpuShares } = await one.until((paths) => (paths.cpuShares[0]?.events ?? 0) > 20);
      expect(cpuShares[0]).toMatchObject({ names: ["request-handler-*", "HotPaths$Checksums.bitByBit"] });
      expect(cpuShares[0]!.value).toBeGreaterThan(0.5);
      await one.stop();
      expect(await runningIn(jvm)).toEqual([]);
      expect(readdirSync("/tmp").filter((name) => name.startsWith(`jprof-${process.pid}-`))).toEqual([]);
    });

    test.runIf(jdk === newest)("names locks that threads wait for, and no idle worker", async () => {
      const [monitorJvm, lockJvm] = await Promise.all([jvmWith(jdk, "monitor-convoy"), jvmWith(jdk, "lock-convoy")]);
      const [monitor, lock] = await Promise.all([recorded(monitorJvm), recorded(lockJvm)]);
      const [first] = (await monitor.until(({ lockWaits }) => lockWaits.length > 0)).lockWaits;
      expect(first!.names).toEqual(["monitor", "HotPaths$Store"]);
      const { lockWaits } = await lock.until((paths) => paths.lockWaits.length > 0);
      expect(lockWaits.map(({ names }) => names)).toEqual([
        ["park", "java.util.concurrent.locks.ReentrantLock$NonfairSync"],
      ]);
    });

    test.runIf(jdk === newest)("counts each fsync, and survives that the JVM is killed in the middle", async () => {
      const jvm = await jvmWith(jdk, "fsync");
      const one = await recorded(jvm);
      const paths = await one.until(({ fsync }) => fsync.count > 200);
      expect(paths.fsync.seconds / paths.fsync.count).toBeLessThan(1);
      expect(paths.fsyncP99Seconds).toBeGreaterThan(0);
      expect(one.recording.toll()).toMatchObject({ unreadBytes: 0 });
      const { repository } = one.recording.status();
      for (const name of chunkNames(repository!)) expectSameByBothReaders(bytesOf(repository!, name));
      await jvm.stop();
      await until(() => one.recording.hotPaths(Date.now() + 60_000) === undefined, 5_000);
      await one.stop();
    });

    test.runIf(jdk === newest)(
      "goes on across renewals, ends by itself when jprof was killed, and is ended by the next one",
      async () => {
        const jvm = await jvmWith(jdk, "fsync");
        await killedRecorder(jvm, 60);
        const [orphan] = await runningIn(jvm);
        expect(orphan).toMatch(/^jprof-/);
        const one = await recorded(jvm, 4);
        await one.until(({ fsync }) => fsync.count > 0);
        expect(await runningIn(jvm)).not.toContain(orphan);
        const [begun] = await runningIn(jvm);
        await until(async () => !(await runningIn(jvm)).includes(begun!), 20_000);
        expect(one.recording.status().state).toBe("recording");
        const before = (await one.until(() => true)).fsync.count;
        await one.until(({ fsync }) => fsync.count > before);
        await one.stop();
        await killedRecorder(jvm, 2);
        expect(await runningIn(jvm)).not.toEqual([]);
        await until(async () => (await runningIn(jvm)).length === 0, 20_000);
      },
    );
  });
}
