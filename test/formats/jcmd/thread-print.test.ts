import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type DumpedThread, parseThreadPrint, type ThreadDump } from "../../../src/formats/jcmd/thread-print.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";
import { codeCache25 } from "./replies.ts";
import { threadPrint8, threadPrint25 } from "./thread-replies.ts";

describe("a thread dump", () => {
  test("tells when and of what it was taken, and counts (real, JDK 25)", () => {
    const dump = parseThreadPrint(threadPrint25);
    expect(dump).toMatchObject({
      takenAt: "2026-11-25 03:53:49",
      vm: "OpenJDK 64-Bit Server VM (25.0.3+9-LTS mixed mode, sharing)",
      jniGlobalRefs: 4,
      jniWeakRefs: 0,
      unknownLines: 0,
    });
    expect(dump.javaThreads.length).toBe(11);
    expect(dump.vmThreads.map(({ name }) => name)).toEqual(["VM Thread"]);
  });

  test("the first line of a thread tells who it is and what it used", () => {
    expect(threadOf(threadPrint25, "main")).toMatchObject({
      javaId: 3,
      nativeId: 23483,
      isDaemon: false,
      priority: 5,
      osPriority: 0,
      cpuSeconds: 0.06262,
      elapsedSeconds: 3.64,
      allocatedBytes: undefined,
      address: "0x00007f1c4402a8b0",
      activity: "waiting on condition",
      state: "TIMED_WAITING",
      stateDetail: "sleeping",
      mounted: undefined,
    });
    expect(threadOf(threadPrint25, "VM Thread")).toMatchObject({ javaId: undefined, activity: "runnable", frames: [] });
  });

  test("a name may hold quotes and all that follows names", () => {
    const odd = parseThreadPrint(threadPrint25).javaThreads.find(({ name }) => name.startsWith("odd"));
    expect(odd).toMatchObject({ name: 'odd "name" #7 [8] daemon prio=9', javaId: 22, isDaemon: true, priority: 5 });
  });

  test("with -e, allocation and classes are told, in the unit that the JVM chose (drawn after JDK 17 and 25)", () => {
    const [bytes, megabytes] = ["allocated=92880B", "allocated=1.5M"].map((allocated) => {
      const line = `"main" #1 prio=5 os_prio=0 cpu=1.00ms elapsed=2.00s ${allocated} defined_classes=5 tid=0x00007f57c8019530 nid=0x23cb runnable  [0x00007f57ce31e000]`;
      return parseThreadPrint(`Full thread dump X:\n\n${line}\n`).javaThreads[0];
    });
    expect(bytes).toMatchObject({ allocatedBytes: 92880, definedClasses: 5, nativeId: 0x23cb });
    expect(megabytes?.allocatedBytes).toBe(1.5 * 1024 * 1024);
  });

  test("frames have methods, modules, places and locks", () => {
    expect(threadOf(threadPrint25, "waiting").frames.slice(0, 5)).toEqual([
      {
        method: "java.lang.Object.wait0",
        module: "java.base@25.0.3",
        file: undefined,
        line: undefined,
        isNative: true,
        locks: [{ relation: "waiting on", address: "0x00000000fc019070", className: "java.lang.Object" }],
      },
      expect.objectContaining({ method: "java.lang.Object.wait", file: "Object.java", line: 389, locks: [] }),
      expect.objectContaining({ method: "java.lang.Object.wait", file: "Object.java", line: 351 }),
      {
        method: "Threads.waitForEver",
        module: undefined,
        file: "Threads.java",
        line: 112,
        isNative: false,
        locks: [{ relation: "locked", address: "0x00000000fc019070", className: "java.lang.Object" }],
      },
      expect.objectContaining({ method: "Threads$$Lambda/0x0000000091040660.run", file: undefined }),
    ]);
    expect(threadOf(threadPrint25, "waits for a class")).toMatchObject({
      state: "RUNNABLE",
      activity: "in Object.wait()",
      frames: [
        {
          locks: [
            {
              relation: "waiting on the Class initialization monitor for",
              address: undefined,
              className: "Threads$Slow",
            },
          ],
        },
        {},
        {},
        {},
      ],
    });
  });

  test("with -l, a thread tells the locks of java.util.concurrent that it owns", () => {
    expect(threadOf(threadPrint25, "lock-1").ownedSynchronizers).toEqual([
      { address: "0x00000000fc0191a8", className: "java.util.concurrent.locks.ReentrantLock$NonfairSync" },
    ]);
    expect(threadOf(threadPrint25, "main").ownedSynchronizers).toEqual([]);
  });

  test("a carrier has no state, and the virtual thread on it its own frames", () => {
    const carrier = threadOf(threadPrint25, "ForkJoinPool-1-worker-1");
    expect(carrier).toMatchObject({ javaId: 31, nativeId: 23510, state: undefined, activity: "" });
    expect(carrier.frames.map(({ method }) => method).slice(0, 2)).toEqual([
      "jdk.internal.vm.Continuation.run",
      "java.lang.VirtualThread.runContinuation",
    ]);
    expect(carrier.mounted?.javaId).toBe(32);
    expect(carrier.mounted?.frames.map(({ method }) => method)).toContain("Threads$Pinned.<clinit>");
  });

  test("JDK 8 writes less", () => {
    const dump = parseThreadPrint(threadPrint8);
    expect(dump).toMatchObject({ takenAt: "2024-05-06 07:08:09", jniGlobalRefs: 213, jniWeakRefs: undefined });
    expect(dump.unknownLines).toBe(0);
    expect(dump.vmThreads.map(({ name }) => name)).toEqual(["VM Thread", "GC task thread#0 (ParallelGC)"]);
    expect(threadOf(threadPrint8, "worker")).toMatchObject({
      nativeId: 0x1a2a,
      cpuSeconds: undefined,
      state: "BLOCKED",
      frames: [
        {
          method: "Demo.run",
          module: undefined,
          line: 12,
          locks: [
            { relation: "waiting to lock", className: "java.lang.Class for Demo" },
            { relation: "eliminated", address: undefined, className: "java.lang.StringBuffer" },
          ],
        },
        { locks: [{ relation: "waiting on", address: undefined, className: undefined }], isNative: true },
        { file: "Thread.java", line: 750, locks: [] },
      ],
    });
    expect(threadOf(threadPrint8, "Finalizer").frames[0]?.locks[0]?.relation).toBe("waiting to re-lock in wait()");
  });

  test("JDK 17 leaves the name of Flight Recorder's sampler out (real)", () => {
    const line = "os_prio=0 cpu=674.05ms elapsed=61.86s tid=0x00007f4019081d80 nid=0x7897 runnable  ";
    const { vmThreads, unknownLines } = parseThreadPrint(`Full thread dump X:\n\n${line}\n`);
    expect([vmThreads.map(({ name, cpuSeconds }) => [name, cpuSeconds]), unknownLines]).toEqual([[["", 0.67405]], 0]);
  });

  test("a line feed in a name is noticed", () => {
    const { javaThreads, unknownLines } = parseThreadPrint(
      threadPrint25.replace('"monitor-1" #25', '"monitor\n-1" #25'),
    );
    expect([javaThreads.length, unknownLines]).toEqual([10, 2]);
  });

  test("a reply that is cut off tells what is there, and one to another command is refused", () => {
    const cut = parseThreadPrint(threadPrint25.slice(0, threadPrint25.indexOf("\tat Threads.initialise") + 12));
    expect(cut.javaThreads.map(({ name, frames }) => [name, frames.length])).toEqual([
      ["main", 5],
      ["waits for a class", 0],
    ]);
    expect(parseThreadPrint("")).toMatchObject({ javaThreads: [], deadlocks: [], takenAt: undefined });
    expect(() => parseThreadPrint(codeCache25)).toThrow("expected the reply to Thread.print, got Compiler.codecache");
  });

  test.skipIf(!hasCorpus)(`every thread of a real service is told, with every frame${noCorpus}`, () => {
    for (const service of ["kafka-4.1-jdk25-zgc", "cassandra-5.0-jdk17-g1"]) {
      const text = readFileSync(corpusFile("services", service, "thread_print.txt"), "utf8");
      const dump = parseThreadPrint(text);
      expect(dump.javaThreads.length).toBe(Number(/_java_thread_list=\S+ length=(\d+)/.exec(text)?.[1]));
      expect(framesOf(dump)).toBe(text.match(/^\tat /gm)?.length);
      expect(dump.unknownLines).toBe(0);
      expect(dump.javaThreads.filter(({ state, nativeId }) => state === undefined || nativeId === undefined)).toEqual(
        [],
      );
    }
  });
});

function threadOf(text: string, name: string): DumpedThread {
  const { javaThreads, vmThreads } = parseThreadPrint(text);
  const thread = [...javaThreads, ...vmThreads].find((each) => each.name === name);
  if (!thread) throw new Error(`expected a thread "${name}"`);
  return thread;
}

function framesOf({ javaThreads }: ThreadDump): number {
  return javaThreads.reduce((count, { frames }) => count + frames.length, 0);
}
