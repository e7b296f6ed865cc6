import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { threadDumpFormat } from "../../../src/formats/thread-dump/format.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { dumpsOf, threadOf } from "./read-dumps.ts";
import {
  actuator,
  agent8,
  filed21,
  filed25,
  jdk5,
  jdk7,
  jdk17,
  jdk21,
  json25,
  samples,
  stacksPage,
  threadInfo,
} from "./samples.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("a dump of any form", () => {
  test.each(Object.entries(samples))(
    "%s is recognised, and read without a line that is not understood",
    (_name, text) => {
      expect(threadDumpFormat.sniff(bytesOf(text), "x")).toBe(true);
      const { dumps, file } = dumpsOf(text);
      expect(dumps.map(({ unknownLines }) => unknownLines)).toEqual([0]);
      expect(file.losses).toEqual([]);
    },
  );

  test("other files are not taken for one", () => {
    for (const text of [
      "",
      "JAVA PROFILE 1.0.2\0",
      "[0.001s][info][gc] Using G1\n",
      '{"a":1}',
      "a;b;c 12\n",
      "12\n13\n",
    ]) {
      expect(threadDumpFormat.sniff(bytesOf(text), "x.txt")).toBe(false);
    }
    expect(threadDumpFormat.sniff(bytesOf("2026-01-02 INFO started\n"), "/tmp/threaddump-3.log")).toBe(true);
  });

  test("JDK 5 has no states: what the system's threads do and the stacks tell them", () => {
    const evidence = dumpsOf(jdk5);
    expect(threadOf(evidence, "second")).toMatchObject({
      state: "BLOCKED",
      osId: 0x2f14,
      javaId: undefined,
      isInternal: false,
    });
    expect(threadOf(evidence, "first").state).toBe("TIMED_WAITING");
    expect(threadOf(evidence, "first").locks).toEqual([
      { relation: "locked", id: "0xaa8b5c30", className: "demo.Store", depth: 1 },
    ]);
    expect(threadOf(evidence, "VM Thread").isInternal).toBe(true);
  });

  test("JDK 7, with blanks for tabs", () => {
    const evidence = dumpsOf(jdk7);
    expect(evidence.dumps[0]).toMatchObject({
      takenAt: "2014-02-03 04:05:06",
      takenAtSeconds: Date.UTC(2014, 1, 3, 4, 5, 6) / 1000,
    });
    expect(threadOf(evidence, "http-8080-2")).toMatchObject({
      pool: "http-8080-*",
      isDaemon: true,
      frames: [{}, { line: 33 }],
    });
    expect(threadOf(evidence, "GC task thread#0 (ParallelGC)").isInternal).toBe(true);
  });

  test("JDK 17, with locks of java.util.concurrent and processor time", () => {
    const evidence = dumpsOf(jdk17);
    const worker = threadOf(evidence, "worker-1");
    expect(worker).toMatchObject({ cpuSeconds: 0.00525, elapsedSeconds: 59, javaId: 12, osId: 0x1002 });
    expect(worker.ownedSynchronizers.map(({ id }) => id)).toEqual(threadOf(evidence, "main").locks.map(({ id }) => id));
    expect(worker.frames.at(-1)?.name).toBe("demo.Main$$Lambda.run");
    expect(evidence.dumps[0]?.expectedThreads).toBe(3);
  });

  test("a virtual thread is one of its own, without frames where the JVM does not print them", () => {
    const { dumps } = dumpsOf(jdk21);
    expect(dumps[0]?.threads).toMatchObject([
      { name: "ForkJoinPool-1-worker-1", isVirtual: false },
      { name: "", pool: "virtual", javaId: 179, isVirtual: true, carrierId: 180, state: "UNKNOWN", frames: [] },
    ]);
  });

  test("jhsdb's frames are frames", () => {
    const evidence = dumpsOf(agent8);
    expect(threadOf(evidence, "Thread 4720")).toMatchObject({
      osId: 4720,
      state: "WAITING",
      frames: [{ name: "java.lang.Object.wait" }, { name: "demo.Queue.take", line: 34 }, {}],
    });
  });

  test("files of the JVM have virtual threads, and since JDK 25 states and locks", () => {
    expect(dumpsOf(filed21)).toMatchObject({
      file: { format: "Thread.dump_to_file (text)" },
      dumps: [
        {
          processId: 4711,
          vm: "21.0.9+11-LTS",
          threads: [{ state: "TIMED_WAITING" }, { isVirtual: true, state: "WAITING" }],
        },
      ],
    });
    const evidence = dumpsOf(filed25);
    expect(threadOf(evidence, "blocked")).toMatchObject({
      state: "BLOCKED",
      locks: [
        { relation: "waiting to lock", id: "java.lang.Object@1e674466", className: "java.lang.Object", depth: 0 },
      ],
    });
    expect(threadOf(evidence, 'odd "name" #3').locks[0]?.relation).toBe("locked");
  });

  test("what programs print of the ThreadMXBean has owners", () => {
    const evidence = dumpsOf(threadInfo);
    expect(threadOf(evidence, "http-1")).toMatchObject({
      javaId: 31,
      state: "WAITING",
      blockedById: 32,
      locks: [{ relation: "parking" }, { relation: "locked", id: "demo.Session@1f", depth: 1 }],
      frames: [{ name: "jdk.internal.misc.Unsafe.park" }, { name: "demo.Store.put", line: 12 }],
    });
    expect(threadOf(evidence, "http-2").ownedSynchronizers[0]?.className).toContain("ReentrantLock");
    expect(dumpsOf(`${threadInfo}${threadInfo}`).dumps.map(({ threads }) => threads.length)).toEqual([2, 2]);
    expect(threadOf(dumpsOf(stacksPage), "IPC Server handler 3 on 8020")).toMatchObject({
      state: "BLOCKED",
      blockedById: 12,
      locks: [{ relation: "waiting to lock", id: "java.lang.Object@1b2c" }],
      frames: [{ name: "demo.Namesystem.write" }, {}],
    });
    expect(dumpsOf(`${stacksPage}${stacksPage}`).dumps.length).toBe(2);
  });

  test("JSON of the JVM and of the Actuator", () => {
    const filed = dumpsOf(json25);
    expect(filed.dumps[0]).toMatchObject({ processId: 4711, vm: "25.0.3+9-LTS", takenAt: "2026-01-02T03:04:05.678Z" });
    expect(threadOf(filed, 'blocked "{[éé').locks).toEqual([
      { relation: "waiting to lock", id: "java.lang.Object@1e674466", className: "java.lang.Object", depth: 0 },
    ]);
    expect(filed.dumps[0]?.threads[2]).toMatchObject({ isVirtual: true, carrierId: 31 });
    const waiter = threadOf(dumpsOf(actuator), "http-nio-8080-exec-1");
    const owner = threadOf(dumpsOf(actuator), "http-nio-8080-exec-2");
    expect(waiter).toMatchObject({
      blockedById: 32,
      locks: [{ relation: "parking", id: owner.ownedSynchronizers[0]?.id }],
    });
  });
});

describe("a log with dumps in it", () => {
  const lines = jdk17.trimEnd().split("\n");

  test("several dumps are a series, and the lines around them are nobody's", () => {
    const log = `starting\n${jdk17}2026 INFO between\njava.lang.IllegalStateException: no\n\tat demo.X.y(X.java:1)\n${jdk17.replace("03:04:05", "03:04:15")}done\n`;
    const { dumps } = dumpsOf(log);
    expect(dumps.map(({ takenAt, unknownLines, threads }) => [takenAt, unknownLines, threads.length])).toEqual([
      ["2026-01-02 03:04:05", 0, 4],
      ["2026-01-02 03:04:15", 0, 4],
    ]);
    const [first, second] = dumps;
    expect(second?.threads[1]?.frames).toBe(first?.threads[1]?.frames);
  });

  test.each([
    [
      "a shipper's time",
      (line: string, at: number) => `2026-01-02T03:04:${String(10 + at).padStart(2, "0")}.${at * 37}Z ${line}`,
    ],
    ["compose's name", (line: string) => `store-1  | ${line}`],
    ["journald", (line: string) => `Jan 02 03:04:05 host-7 java[4711]: ${line}`],
    ["a quote", (line: string) => `> ${line}`],
    ["an indent", (line: string) => `    ${line.replaceAll("\t", "    ")}`],
    ["a trimmed prefix on empty lines", (line: string) => `svc | ${line}`.trimEnd()],
    [
      "a container's JSON",
      (line: string) => JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2026-01-02T03:04:05Z" }),
    ],
    ["carriage returns", (line: string) => `${line}\r`],
  ])("every line with %s", (_name, wrapped) => {
    const plain = dumpsOf(jdk17).dumps[0];
    const { dumps } = dumpsOf(lines.map(wrapped).join("\n"));
    expect(dumps.map(({ threads }) => threads)).toEqual([plain?.threads]);
    expect(dumps[0]?.unknownLines).toBe(0);
  });

  test("lines of others inside are counted, and their stacks belong to no thread", () => {
    const at = lines.findIndex((line) => line.includes("demo.Wal.sync"));
    const noise = ["10:00 ERROR java.lang.RuntimeException: x", "\tat demo.Noise.make(Noise.java:1)", ""];
    const { dumps } = dumpsOf([...lines.slice(0, at + 1), ...noise, ...lines.slice(at + 1)].join("\n"));
    expect(dumps[0]?.unknownLines).toBe(1);
    expect(JSON.stringify(dumps)).not.toContain("demo.Noise");
  });

  test("a dump without its first lines is one, and a heap's histogram after it is not", () => {
    const { dumps } = dumpsOf(`${lines.slice(12).join("\n")}\nHeap\n garbage-first heap   total 1K\n"quoted" text\n`);
    expect(dumps.map(({ threads, unknownLines }) => [threads.length, unknownLines])).toEqual([[3, 0]]);
  });

  test("threads that the JVM counted and the file lacks are a loss", () => {
    const cut = jdk17.slice(0, jdk17.indexOf('"Common-Cleaner"'));
    expect(dumpsOf(cut).file.losses.map(({ reason }) => reason)).toEqual([
      "dump 1 was cut: 1 of 3 threads are missing",
    ]);
  });
});

describe("a file that is damaged", () => {
  test.each(Object.entries(samples))(
    "%s, cut at any byte, gives what is there or says that nothing is",
    (_name, text) => {
      const whole = dumpsOf(text).dumps[0]?.threads.length ?? 0;
      for (let length = 0; length < text.length; length++) {
        const threads = readOrRefuse(text.slice(0, length));
        expect(threads).toBeLessThanOrEqual(whole);
      }
    },
  );

  test("a cut JSON says that it is cut", () => {
    const cut = dumpsOf(json25.slice(0, json25.indexOf('"holder"') + 9));
    expect(cut.dumps[0]?.threads.map(({ name }) => name)).toEqual(['blocked "{[éé', "holder"]);
    expect(cut.file.losses[0]?.reason).toBe("the file ends inside the dump");
  });

  test("lines in any order, and bytes of any kind, are read or refused", () => {
    const pieces = Object.values(samples).flatMap((text) => text.split("\n"));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (lines) => {
        readOrRefuse(lines.join("\n"));
      }),
      { seed: 7, numRuns: 200 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(samples)),
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.nat(),
        (text, noise, at) => {
          const place = at % text.length;
          readOrRefuse(text.slice(0, place) + noise + text.slice(place + noise.length));
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  test("very long lines and very deep brackets take no more than their length", () => {
    for (const piece of [
      '"',
      "{",
      "[",
      '{"threadDump":{"threadContainers":[{"threads":[{',
      "\tat a",
      '"a" tid=0x1 ',
      '#1 "',
      "\\",
    ]) {
      readOrRefuse(piece.repeat(200_000));
      readOrRefuse(jdk17 + piece.repeat(20_000));
      readOrRefuse(`{"threadDump":${piece.repeat(20_000)}`);
    }
  });
});

function readOrRefuse(text: string): number {
  try {
    return dumpsOf(text).dumps.reduce((most, { threads }) => Math.max(most, threads.length), 0);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return 0;
  }
}
