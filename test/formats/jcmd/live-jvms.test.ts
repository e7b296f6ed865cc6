import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseClassHistogram } from "../../../src/formats/jcmd/class-histogram.ts";
import { parseCodeCache } from "../../../src/formats/jcmd/code-cache.ts";
import { parseFlags } from "../../../src/formats/jcmd/flags.ts";
import { parseHeapInfo } from "../../../src/formats/jcmd/heap-info.ts";
import { parseMetaspace } from "../../../src/formats/jcmd/metaspace.ts";
import { parseNativeMemory } from "../../../src/formats/jcmd/native-memory.ts";
import { parseVmInfo } from "../../../src/formats/jcmd/vm-info.ts";
import { acceptsFlags, compileJava, type Jdk, jdksOf, type RunningJvm, startJvm } from "../../jdk.ts";
import { differencesFromTotal } from "./native-sums.ts";
import { perfCountersOf } from "./perf-counters-text.ts";

const collectors = [
  { flag: "Serial", name: "Serial" },
  { flag: "Parallel", name: "Parallel" },
  { flag: "G1", name: "G1" },
  { flag: "Z", name: "ZGC" },
  { flag: "Shenandoah", name: "Shenandoah" },
] as const;

const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.stderr.write("skipped: no JDK 17 or 25 on this machine\n");
const cases = jdks.flatMap((jdk) => collectors.map((collector) => ({ jdk, ...collector, major: jdk.major })));
const MiB = 1024 * 1024;
let classPath: Promise<string> | undefined;

afterAll(async () => rmSync((await classPath) ?? "", { recursive: true, force: true }));

describe.skipIf(jdks.length === 0).each(cases)("JDK $major with $name", ({ jdk, flag, name }) => {
  let jvm: RunningJvm | undefined;
  let replies: ReadonlyMap<string, string> = new Map();
  let counters: ReadonlyMap<string, string> = new Map();

  beforeAll(async () => {
    jvm = await started(jdk, flag);
    if (!jvm) return;
    replies = await repliesOf(jvm, [
      "GC.run",
      "GC.heap_info",
      "VM.native_memory summary scale=b",
      "GC.class_histogram -all",
      "Compiler.codecache",
      "VM.metaspace basic scale=1",
      "VM.flags",
      "VM.info",
    ]);
    counters = perfCountersOf(await jvm.jcmd("PerfCounter.print"));
  });

  afterAll(() => jvm?.stop());

  test("the heap is as full as its counters say after a collection", ({ skip }) => {
    if (!jvm) return skip("this build lacks the collector");
    const heap = parseHeapInfo(replyTo("GC.heap_info"));
    expect(heap.collector).toBe(name);
    expect(heap.reservedBytes).toBe(64 * MiB);
    expect(heap.committedBytes).toBeGreaterThanOrEqual(heap.usedBytes!);
    const used = sumOf(/^sun\.gc\.generation\.\d\.space\.\d\.used$/);
    expect(Math.abs(heap.usedBytes! - used)).toBeLessThanOrEqual(name === "ZGC" ? 4 * MiB : MiB / 4);
  });

  test("native memory adds up to the byte", ({ skip }) => {
    if (!jvm) return skip("this build lacks the collector");
    const memory = parseNativeMemory(replyTo("VM.native_memory summary scale=b"));
    if (!memory.isTracked) throw new Error(memory.reason);
    expect(memory.scaleBytes).toBe(1);
    expect(differencesFromTotal(memory)).toEqual([0, 0, 0, 0]);
    for (const { name: category, committedBytes, malloc, arena, overhead, mmap, stack } of memory.categories) {
      const parts = malloc.bytes + arena.bytes + overhead.bytes + mmap.committedBytes + stack.committedBytes;
      expect.soft(parts, category).toBe(committedBytes);
    }
    expect(memory.categories.find((each) => each.name === "Thread")?.threads).toBeGreaterThan(10);
    expect(memory.categories.find((each) => each.name === "Class")?.classes).toBeGreaterThan(400);
  });

  test("the histogram's rows add up to its total, and its names are those of source", ({ skip }) => {
    if (!jvm) return skip("this build lacks the collector");
    const { classes, total } = parseClassHistogram(replyTo("GC.class_histogram -all"));
    expect(classes.reduce((sum, { instances }) => sum + instances, 0)).toBe(total?.instances);
    expect(classes.reduce((sum, { shallowBytes }) => sum + shallowBytes, 0)).toBe(total?.shallowBytes);
    expect(classes.find(({ className }) => className === "byte[]")?.module).toMatch(/^java\.base@/);
    expect(classes.filter(({ className }) => className.startsWith("["))).toEqual([]);
  });

  test("the metaspace is what its counters say", ({ skip }) => {
    if (!jvm) return skip("this build lacks the collector");
    const { nonClass, classSpace } = parseMetaspace(replyTo("VM.metaspace basic scale=1"));
    const usedBytes = nonClass.usedBytes! + classSpace!.usedBytes!;
    expect(Math.abs(usedBytes - sumOf(/^sun\.gc\.metaspace\.used$/))).toBeLessThan(64 * 1024);
    expect(classSpace?.reservedBytes).toBe(1024 * MiB);
  });

  test("the code cache, the flags and all that VM.info repeats of them are told", ({ skip }) => {
    if (!jvm) return skip("this build lacks the collector");
    const { heaps, isCompiling, blobs } = parseCodeCache(replyTo("Compiler.codecache"));
    expect([heaps.length, isCompiling, blobs! > 100]).toEqual([3, true, true]);
    for (const { usedBytes, committedBytes, sizeBytes } of heaps) {
      expect(usedBytes).toBeLessThanOrEqual(committedBytes!);
      expect(committedBytes).toBeLessThanOrEqual(sizeBytes);
    }
    expect(parseFlags(replyTo("VM.flags"))).toContainEqual(
      expect.objectContaining({ name: `Use${flag}GC`, value: "true" }),
    );

    const info = parseVmInfo(replyTo("VM.info"));
    expect(info).toMatchObject({
      isComplete: true,
      heap: { collector: name, reservedBytes: 64 * MiB },
      metaspace: { classSpaceLimitBytes: 1024 * MiB },
      nativeMemory: { isTracked: true, scaleBytes: 1024 },
      commandLine: { javaCommand: "Threads" },
    });
    expect(info.codeCache?.heaps.map((heap) => heap.name)).toEqual(heaps.map((heap) => heap.name));
    expect(info.libraries.filter((path) => path.endsWith("/libjvm.so"))).toEqual([expect.stringContaining(jdk.home)]);
    const resident = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${jvm.pid}/status`, "utf8"))?.[1]) * 1024;
    expect(Math.abs(info.process!.residentBytes! - resident)).toBeLessThan(resident / 4);
    expect(info.process!.outstandingBytes).toBeGreaterThan(MiB);
  });

  function replyTo(command: string): string {
    return replies.get(command) ?? "";
  }

  function sumOf(names: RegExp): number {
    return [...counters].reduce((sum, [name, value]) => (names.test(name) ? sum + Number(value) : sum), 0);
  }
});

async function started(jdk: Jdk, collector: string): Promise<RunningJvm | undefined> {
  const flags = [`-XX:+Use${collector}GC`, "-Xmx64m", "-XX:NativeMemoryTracking=summary"];
  if (collector === "Shenandoah" && !(await acceptsFlags(jdk, flags))) return undefined;
  classPath ??= compileJava(jdk, join(import.meta.dirname, "../../../fixtures/threads/Threads.java"));
  return startJvm(jdk, { classPath: await classPath, mainClass: "Threads", flags });
}

/** Asks all of it in one run of jcmd, whose own start takes longest, with the uptime between two replies to tell them apart. */
async function repliesOf(jvm: RunningJvm, commands: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-commands-"));
  const file = join(folder, "commands");
  writeFileSync(file, commands.flatMap((command) => [command, "VM.uptime"]).join("\n"));
  const text = await jvm.jcmd("-f", file);
  rmSync(folder, { recursive: true });
  const parts = text.split(/^\d+\.\d{3} s\n?/m);
  return new Map(commands.map((command, index) => [command, parts[index] ?? ""]));
}
