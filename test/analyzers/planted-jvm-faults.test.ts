import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/byte-source.ts";
import { readRecording } from "../../src/formats/jfr/read-recording.ts";
import { compileJava, type Jdk, jdksOf } from "../jdk.ts";
import { type Result, resultOf } from "./recording-findings.ts";

/*
 * Recordings of real JVMs with one fault each (fixtures/jvmfaults). Those that need half a minute to show, and both JDKs, run on
 * request: JPROF_FAULTS=1.
 */
interface PlantedFault {
  readonly mode: string;
  readonly seconds: number;
  readonly flags: readonly string[];
  /** Findings of which at least one must be there. */
  readonly expected: readonly string[];
  readonly isSlow?: boolean;
}

const serial = "-XX:+UseSerialGC";
const faults: readonly PlantedFault[] = [
  { mode: "explicit-gc", seconds: 3, flags: ["-XX:+UseG1GC"], expected: ["gc/full#systemGc"] },
  { mode: "stall", seconds: 6, flags: ["-XX:+UseZGC", "-Xmx160m"], expected: ["gc/allocation-stall"], isSlow: true },
  {
    mode: "thread-dumps",
    seconds: 3,
    flags: ["-Xmx256m", "-XX:+UseG1GC"],
    expected: ["safepoint/long-operation#ThreadDump"],
  },
  { mode: "loader-leak", seconds: 4, flags: [serial], expected: ["jvm/class-loading#JvmFaults$PluginLoader"] },
  {
    mode: "humongous",
    seconds: 6,
    flags: ["-Xmx96m", "-XX:+UseG1GC", "-XX:G1HeapRegionSize=1m"],
    expected: ["gc/humongous"],
    isSlow: true,
  },
  {
    mode: "many-classes",
    seconds: 25,
    flags: [serial, "-XX:MaxMetaspaceSize=48m"],
    expected: ["jvm/metaspace#out-of-memory"],
    isSlow: true,
  },
  {
    mode: "code-cache",
    seconds: 25,
    flags: [serial, "-XX:ReservedCodeCacheSize=3m", "-XX:TieredStopAtLevel=1"],
    expected: ["jvm/code-cache", "jvm/code-cache#collections"],
    isSlow: true,
  },
  { mode: "threads", seconds: 40, flags: [serial, "-Xss256k"], expected: ["jvm/threads-growing"], isSlow: true },
  {
    mode: "direct",
    seconds: 40,
    flags: [serial, "-XX:MaxDirectMemorySize=120m"],
    expected: ["jvm/direct-buffers"],
    isSlow: true,
  },
  {
    mode: "heap-leak",
    seconds: 45,
    flags: ["-Xmx160m", "-Xmn16m", "-XX:+UseG1GC"],
    expected: ["gc/live-set-growing"],
    isSlow: true,
  },
  {
    mode: "counted-loop",
    seconds: 15,
    flags: ["-XX:LoopStripMiningIter=0", "-XX:-UseCountedLoopSafepoints"],
    expected: ["safepoint/time-to-safepoint"],
    isSlow: true,
  },
];

const isAsked = process.env.JPROF_FAULTS === "1";
const jdks = isAsked ? jdksOf(17, 25) : jdksOf(25).concat(jdksOf(17)).slice(0, 1);
const folder = mkdtempSync(join(tmpdir(), "jprof-jvm-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(jdks.length > 0)("a recording of a real JVM", () => {
  for (const jdk of jdks) {
    const shown = faults.filter(({ isSlow = false }) => isAsked || !isSlow);
    test.concurrent.each(shown)(`JDK ${jdk.major}: $mode is found`, { timeout: 180_000 }, async (fault) => {
      const { keys } = await recorded(jdk, fault);
      expect(fault.expected.filter((key) => keys().includes(key)).length, keys().join(" ")).toBeGreaterThan(0);
    });

    test.concurrent(`JDK ${jdk.major}: a healthy program has none of these`, { timeout: 180_000 }, async () => {
      const healthy = await recorded(jdk, { mode: "healthy", seconds: 3, flags: ["-XX:+UseG1GC", "-Xmx256m"] });
      const planted = faults.flatMap(({ expected }) => expected).filter((key) => key !== "safepoint/time-to-safepoint");
      expect(healthy.keys().filter((key) => planted.includes(key))).toEqual([]);
      expect(healthy.sections.map(({ name }) => name)).toEqual(expect.arrayContaining(["recording", "jvm"]));
    });
  }
});

async function recorded(jdk: Jdk, { mode, seconds, flags }: Omit<PlantedFault, "expected">): Promise<Result> {
  const classPath = await compileJava(jdk, join(import.meta.dirname, "../../fixtures/jvmfaults/JvmFaults.java"));
  const file = join(folder, `${mode}-${jdk.major}.jfr`);
  const recording = `-XX:StartFlightRecording=filename=${file},settings=profile`;
  const args = ["-Xmx64m", ...flags, "-Xlog:disable", recording, "-cp", classPath, "JvmFaults", mode, String(seconds)];
  await execa(join(jdk.home, "bin/java"), args, { timeout: 150_000, reject: false });
  const source = openFile(file);
  try {
    return resultOf(readRecording(source));
  } finally {
    source.close();
  }
}
