import { describe, expect, test } from "vitest";
import { parseVmInfo } from "../../../src/formats/jcmd/vm-info.ts";
import { codeCache25 } from "./replies.ts";
import { vmInfo17 } from "./vm-info-reply.ts";

const KiB = 1024;
const MiB = KiB * KiB;

describe("VM.info", () => {
  test("tells who the JVM is, how long it runs and on what (real, JDK 17)", () => {
    expect(parseVmInfo(vmInfo17)).toMatchObject({
      runtime: "OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6-Debian-1deb12u1)",
      vm: expect.stringContaining("g1 gc, linux-amd64"),
      uptimeSeconds: 4.292846,
      cores: 2,
      commandLine: { jvmArguments: "-XX:+UseG1GC -Xmx64m -XX:NativeMemoryTracking=summary", javaCommand: "Idle" },
      libraries: [
        "/usr/lib/jvm/java-17-openjdk-amd64/lib/libjimage.so",
        "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
      ],
      libc: "glibc 2.36 NPTL 2.36",
      kernel: expect.stringContaining("Linux 6."),
      nativeTrimMillis: undefined,
      isComplete: true,
    });
  });

  test("tells the same of the memory as the commands for each part of it", () => {
    const info = parseVmInfo(vmInfo17);
    expect(info.heap).toMatchObject({ collector: "G1", committedBytes: 10 * MiB, classSpace: { usedBytes: 3 * KiB } });
    expect(info.metaspace).toMatchObject({ nonClass: { committedBytes: 192 * KiB }, classSpaceLimitBytes: 1024 * MiB });
    expect(info.codeCache).toMatchObject({ heaps: [{}, {}, {}], blobs: 285, isCompiling: true });
    expect(info.nativeMemory).toMatchObject({
      scaleBytes: KiB,
      total: { committedBytes: 74621 * KiB },
      categories: [{ name: "Java Heap" }],
    });
    expect(
      info.gcHistory.map(({ seconds, when, collections, heap }) => [seconds, when, collections, heap.usedBytes]),
    ).toEqual([
      [3.047, "before", 0, 948 * KiB],
      [3.05, "after", 1, 1037 * KiB],
    ]);
  });

  test("tells what the kernel and malloc say of the process, and its limits", () => {
    const info = parseVmInfo(vmInfo17);
    expect(info.process).toEqual({
      virtualBytes: 2643348 * KiB,
      virtualPeakBytes: 2701144 * KiB,
      residentBytes: 40948 * KiB,
      residentPeakBytes: 40948 * KiB,
      anonymousBytes: 20180 * KiB,
      fileBytes: 20768 * KiB,
      shmemBytes: 0,
      swapBytes: 0,
      outstandingBytes: 10833 * KiB,
      retainedBytes: 1890 * KiB,
      mayHaveWrapped: false,
      tunables: "(default)",
    });
    expect(info.limits).toMatchObject({
      STACK: { soft: 8192 * KiB, hard: undefined },
      NOFILE: { soft: 20000, hard: 20000 },
      AS: { soft: undefined, hard: undefined },
    });
    expect(info.container).toMatchObject({
      type: "cgroupv1",
      values: { active_processor_count: 2, memory_usage_in_bytes: 75388 * KiB, memory_limit_in_bytes: undefined },
    });
    expect(info.machine).toEqual({
      totalBytes: 24684092 * KiB,
      freeBytes: 23651352 * KiB,
      availableBytes: 24216184 * KiB,
    });
  });

  test("holds nothing of the environment, which the JVM prints too", () => {
    expect(vmInfo17).toContain("password=secret");
    expect(JSON.stringify(parseVmInfo(vmInfo17))).not.toContain("secret");
  });

  test("JDK 25 calls the history of collections otherwise, and counts the mappings (real)", () => {
    const text = vmInfo17
      .replace("GC Heap History (2 events):", "GC Heap Usage History (2 events):")
      .replace("Event: 3.047 GC heap before\n{Heap before GC", "Event: 3.047 {heap Before GC")
      .replace("Event: 3.050 GC heap after\n{Heap after GC", "Event: 3.050 {heap After GC")
      .replace("\nVM Arguments:", "Total number of mappings: 196\n\nVM Arguments:")
      .replace("Periodic native trim disabled", "Periodic native trim enabled (interval: 2000 ms)");
    const info = parseVmInfo(text);
    expect(info.gcHistory.map(({ seconds, when }) => [seconds, when])).toEqual([
      [3.047, "before"],
      [3.05, "after"],
    ]);
    expect(info.libraries.length).toBe(2);
    expect(info.nativeTrimMillis).toBe(2000);
  });

  test("an older JVM knows less: no history of limits, a count that may have wrapped, no tracking (drawn after JDK 11)", () => {
    const info = parseVmInfo(`#
# JRE version: OpenJDK Runtime Environment (11.0.20+8) (build 11.0.20+8)
Time: Wed Nov 25 03:44:34 2026 UTC elapsed time: 12 seconds (0d 0h 0m 12s)
rlimit: STACK 8192k, CORE 0k, NPROC 63454, NOFILE 1048576, AS infinity
Process Memory:
C-Heap outstanding allocations: 323983K (may have wrapped)

container (cgroup) information:
container_type: cgroupv1
memory_limit_in_bytes: -1
memory_usage_in_bytes: 26905034752
`);
    expect(info).toMatchObject({ uptimeSeconds: 12, nativeMemory: undefined, gcHistory: [], isComplete: false });
    expect(info.limits).toMatchObject({ STACK: { soft: 8192 * KiB, hard: undefined }, NOFILE: { soft: 1048576 } });
    expect(info.process).toMatchObject({
      outstandingBytes: 323983 * KiB,
      retainedBytes: undefined,
      mayHaveWrapped: true,
    });
    expect(info.container?.values).toEqual({
      memory_limit_in_bytes: undefined,
      memory_usage_in_bytes: 26905034752,
    });
  });

  test("a cut reply tells what is there, and one to another command is refused", () => {
    expect(parseVmInfo("")).toMatchObject({ heap: undefined, process: undefined, isComplete: false });
    expect(parseVmInfo(vmInfo17.slice(0, vmInfo17.indexOf("Metaspace:")))).toMatchObject({
      heap: { collector: "G1" },
      metaspace: undefined,
    });
    expect(() => parseVmInfo(codeCache25)).toThrow("got Compiler.codecache");
  });
});
