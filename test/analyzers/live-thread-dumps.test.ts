import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { threadBlocking } from "../../analyzers/thread-blocking.ts";
import { threadCounts } from "../../analyzers/thread-counts.ts";
import { threadCpu } from "../../analyzers/thread-cpu.ts";
import { threadDeadlocks } from "../../analyzers/thread-deadlocks.ts";
import { threadEventLoops } from "../../analyzers/thread-event-loops.ts";
import { threadPools } from "../../analyzers/thread-pools.ts";
import { threadStacks } from "../../analyzers/thread-stacks.ts";
import { threadStuck } from "../../analyzers/thread-stuck.ts";
import { threadVirtual } from "../../analyzers/thread-virtual.ts";
import { joinThreadDumps } from "../../src/formats/thread-dump/join-dumps.ts";
import type { ThreadDumpEvidence } from "../../src/model/thread-dump.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { dumpsOf } from "../formats/thread-dump/read-dumps.ts";
import { compileJava, jdksOf, type RunningJvm, startJvm } from "../jdk.ts";
import { analysisBy, toldBy } from "../thread-dump-of.ts";

const all = [
  threadDeadlocks,
  threadBlocking,
  threadPools,
  threadStuck,
  threadCpu,
  threadCounts,
  threadEventLoops,
  threadVirtual,
];
const toldByAll = (evidence: ThreadDumpEvidence) => all.flatMap((analyzer) => toldBy(analyzer, evidence));

const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.stderr.write("skipped: no JDK 17 or 25 on this machine\n");

describe.skipIf(jdks.length === 0).each(jdks)("dumps of JDK $major", (jdk) => {
  const folder = mkdtempSync(join(tmpdir(), "jprof-sick-"));
  let classPath = "";
  const running: RunningJvm[] = [];

  beforeAll(async () => {
    classPath = await compileJava(jdk, join(import.meta.dirname, "../../fixtures/threads/SickThreads.java"));
  });

  afterAll(async () => {
    for (const jvm of running) await jvm.stop();
    for (const each of [folder, classPath]) rmSync(each, { recursive: true, force: true });
  });

  async function start(...faults: readonly string[]): Promise<RunningJvm> {
    const flags = ["-Xmx64m", "-XX:+UseSerialGC", `-Dwal.folder=${folder}`];
    const jvm = await startJvm(jdk, { classPath, mainClass: "SickThreads", flags, args: faults });
    running.push(jvm);
    return jvm;
  }

  /** Three dumps, as somebody would take them: one file each. */
  async function seriesOf(jvm: RunningJvm): Promise<ThreadDumpEvidence> {
    const files: ThreadDumpEvidence[] = [];
    for (let index = 0; index < 3; index++) {
      if (index > 0) await sleep(1_000);
      files.push(dumpsOf(await jvm.jcmd("Thread.print", "-l"), `${index}.txt`));
    }
    const series = joinThreadDumps(files);
    expect(series.map(({ members }) => members)).toEqual([[0, 1, 2]]);
    return series[0]!.evidence;
  }

  test("of a service that is well tell nothing", async () => {
    expect(toldByAll(await seriesOf(await start()))).toEqual([]);
  });

  test("of one with every fault tell each of them, and no other", async () => {
    const jvm = await start("mixed", "classes", "convoy", "pool", "loop");
    const evidence = await seriesOf(jvm);
    await jvm.stop();
    expect(evidence.dumps.map(({ unknownLines }) => unknownLines)).toEqual([0, 0, 0]);
    const told = toldByAll(evidence);
    expect(told.map((each) => each.replace(/ in (?:all 3 dumps|Sick).*/, ""))).toEqual([
      "critical Deadlock: `monitor-then-lock` and `lock-then-monitor` wait for each other for ever; 3 other threads wait behind them",
      "critical Deadlock: `initialises-first` and `initialises-second` wait for each other for ever",
      expect.stringMatching(
        /^(?:critical|warning) 12 threads wait behind `wal-writer`, which has the monitor of `Object` and /,
      ),
      "critical All 10 threads of `pool-4-thread-*` wait for a permit",
      expect.stringMatching(/^(?:warning|info) Thread `spinner` /),
    ]);
  });

  test.skipIf(jdk.major < 21)("that have ten thousand virtual threads fold them, as text and as JSON", async () => {
    const jvm = await start("virtual");
    for (const format of ["json", "plain"]) {
      const file = join(folder, `virtual.${format}`);
      await jvm.jcmd("Thread.dump_to_file", "-overwrite", `-format=${format}`, file);
      const evidence = dumpsOf(readFileSync(file, "utf8"));
      expect(evidence.dumps[0]?.unknownLines).toBe(0);
      expect(toldByAll(evidence)).toEqual([]);
      const { dataOf } = analysisBy(threadStacks, evidence);
      expect(dataOf("stacks")).toMatchObject({
        stacks: expect.arrayContaining([expect.objectContaining({ threads: 10_000, virtualThreads: 10_000 })]),
      });
    }
    await jvm.stop();
  });
});

test.skipIf(!hasCorpus)(`services under load are accused of nothing${noCorpus}`, () => {
  for (const file of [
    "kafka-4.1-jdk25-zgc/thread_print.txt",
    "kafka-4.1-jdk25-zgc/thread_dump.json",
    "cassandra-5.0-jdk17-g1/thread_print.txt",
  ]) {
    const evidence = dumpsOf(readFileSync(corpusFile("services", file), "utf8"));
    expect(toldByAll(evidence)).toEqual([]);
    expect(evidence.dumps[0]?.unknownLines).toBe(0);
  }
});
