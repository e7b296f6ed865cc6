import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { readRecording } from "../../src/formats/jfr/read-recording.ts";
import { resultOf } from "../analyzers/recording-findings.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { someJdk } from "../jdk.ts";

/*
 * The rules of JDK Mission Control (from Maven Central) as a second opinion: what they warn of, jprof tells, or docs/jmc-rules.md says why
 * not. Runs only when asked: JPROF_ORACLES=1 npx vitest run test/oracles
 */
const isAsked = process.env.JPROF_ORACLES === "1";
const library = join(import.meta.dirname, "../../build/oracles/jmc");
const folder = mkdtempSync(join(tmpdir(), "jprof-jmc-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recordings = [
  "services/kafka-4.1-jdk25-zgc/recording.jfr.gz",
  "services/cassandra-5.0-jdk17-g1/recording.jfr.gz",
  "jfr/jmc_full_gc_g1.jfr",
  "jfr/jmc_flush_metadata.jfr",
  "jfr/jmc_jdk21.jfr",
];

/** Rules of jprof over the JVM's events that say the same; hot paths have tests of their own. */
const sameRules: Readonly<Record<string, readonly string[]>> = {
  ApplicationHalts: ["jvm/halted", "gc/pause-ratio", "safepoint/time-to-safepoint"],
  BufferLost: ["recording/data-loss"],
  ClassLeak: ["jvm/class-loading"],
  ClassLoading: ["jvm/class-loading"],
  CodeCache: ["jvm/code-cache"],
  CompareCpu: ["jvm/cpu"],
  ContextSwitch: ["jvm/context-switches"],
  FullGc: ["gc/full"],
  GcPauseRatio: ["gc/pause-ratio"],
  GcStall: ["gc/full", "gc/promotion", "gc/allocation-stall"],
  HeapInspectionGc: ["gc/full"],
  HighGc: ["gc/long-pause", "gc/pause-ratio", "gc/full"],
  IncreasingLiveSet: ["gc/live-set-growing"],
  IncreasingMetaSpaceLiveSet: ["jvm/metaspace", "jvm/class-loading"],
  LongGcPause: ["gc/long-pause"],
  LowOnPhysicalMemory: ["jvm/physical-memory"],
  MetaspaceOom: ["jvm/metaspace"],
  StackdepthSetting: ["recording/blind-spots"],
  SystemGc: ["gc/full"],
  VMOperations: ["safepoint/long-operation", "gc/long-pause"],
};

/** Warnings that docs/jmc-rules.md explains. */
const explained = new Set(["GcInvertedParallelism", "GcPauseTargetRule", "HeapContent"]);

interface JmcResult {
  readonly rule: string;
  readonly severity: string;
  readonly summary: string;
}

describe.runIf(isAsked && hasCorpus)("Mission Control's warnings", () => {
  beforeAll(fetchAndCompile, 900_000);

  test.each(recordings)("of %s are told, or explained", { timeout: 300_000 }, async (name) => {
    const raw = readFileSync(corpusFile(name));
    const bytes = name.endsWith(".gz") ? gunzipSync(raw) : raw;
    const copy = join(folder, "recording.jfr");
    writeFileSync(copy, bytes);
    const theirs = await jmcResults(copy);
    const ours = new Set(resultOf(readRecording(memorySource(name, bytes))).findings.map(({ rule }) => rule));
    expect(theirs.length).toBeGreaterThan(50);
    expect(theirs.filter(({ severity }) => severity === "FAILED")).toEqual([]);
    const warnings = theirs.filter(({ rule, severity }) => severity === "WARNING" && !explained.has(rule));
    const untold = warnings.filter(({ rule }) => !(sameRules[rule] ?? []).some((same) => ours.has(same)));
    expect(untold).toEqual([]);
  });

  test("every rule of theirs is in the table", { timeout: 300_000 }, async () => {
    const table = readFileSync(join(import.meta.dirname, "../../docs/jmc-rules.md"), "utf8");
    const raw = readFileSync(corpusFile("jfr/jmc_jdk21.jfr"));
    const copy = join(folder, "table.jfr");
    writeFileSync(copy, raw);
    const rules = (await jmcResults(copy)).map(({ rule }) => rule);
    expect(rules.filter((rule) => !table.includes(rule))).toEqual([]);
  });
});

test.runIf(!isAsked || !hasCorpus)(
  `Mission Control's rules (skipped: JPROF_ORACLES is not 1)${noCorpus}`,
  () => undefined,
);

async function jmcResults(file: string): Promise<readonly JmcResult[]> {
  const classPath = `${join(library, "*")}:${folder}`;
  const { stdout } = await execa(join(someJdk()!.home, "bin/java"), ["-Xmx1g", "-cp", classPath, "JmcRules", file]);
  return stdout.split("\n").map((line) => {
    const [, rule = "", severity = "", , summary = ""] = line.split("\t");
    return { rule, severity, summary };
  });
}

/** Fetches the rules once and compiles the program that prints their results. */
async function fetchAndCompile(): Promise<void> {
  mkdirSync(library, { recursive: true });
  if (!readdirSync(library).some((file) => file.endsWith(".jar"))) {
    const pom = join(folder, "pom.xml");
    const rules =
      "<groupId>org.openjdk.jmc</groupId><artifactId>flightrecorder.rules.jdk</artifactId><version>9.1.2</version>";
    writeFileSync(
      pom,
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>jprof</groupId><artifactId>jmc</artifactId><version>1</version><dependencies><dependency>${rules}</dependency></dependencies></project>`,
    );
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
    await execa("mvn", ["-q", "-B", "-f", pom, goal, "-DincludeScope=runtime", `-DoutputDirectory=${library}`], {
      timeout: 850_000,
    });
  }
  expect(existsSync(library)).toBe(true);
  const program = join(import.meta.dirname, "JmcRules.java");
  await execa(join(someJdk()!.home, "bin/javac"), ["-nowarn", "-cp", join(library, "*"), "-d", folder, program]);
}
