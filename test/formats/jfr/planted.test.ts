import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFile } from "../../../src/bytes/byte-source.ts";
import { readRecording } from "../../../src/formats/jfr/read-recording.ts";
import type { Profile, ProfileSet } from "../../../src/model/profile.ts";
import type { RecordingEvidence } from "../../../src/model/recording.ts";
import { compileJava, type Jdk, jdksOf, startJvm } from "../../jdk.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-planted-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jdks = jdksOf(17, 25);
if (jdks.length === 0) process.stderr.write("skipped: no JDK 17 or 25 on this machine\n");

describe.each(jdks)("a recording by JDK $major", (jdk) => {
  const file = join(folder, `planted-${jdk.major}.jfr`);
  let recording: RecordingEvidence;
  let profiles: ProfileSet;
  beforeAll(async () => {
    await record(jdk, file);
    ({ recording, profiles } = readRecording(openFile(file)));
  }, 120_000);

  test.each([
    ["cpu", "jdk.ExecutionSample", "RecordedWork.burn", "burner-1"],
    ["alloc", "jdk.ObjectAllocationSample", "RecordedWork.allocate", "allocator-1"],
    ["lock", "jdk.JavaMonitorEnter", "RecordedWork.contend", /^contender-[12]$/],
    ["io", "jdk.FileForce", "RecordedWork.persist", "writer-1"],
    ["io", "jdk.FileWrite", "RecordedWork.persist", "writer-1"],
  ])("has the planted method at the top of its %s profile of %s", (kind, event, method, thread) => {
    const profile = profiles.profiles.find((candidate) => candidate.event === event)!;
    expect(profile.kind).toBe(kind);
    const top = heaviest(profile);
    expect(namesOf(profile, profile.sampleStack[top]!)).toContain(method);
    expect(profiles.threads[profile.sampleThread![top]!]!.name).toMatch(thread);
  });

  test("counts as many events as the JDK's own tool", async () => {
    const { stdout } = await execa(join(jdk.home, "bin/jfr"), ["summary", file]);
    const counted = [...stdout.matchAll(/^ (\S+\.\S+)\s+(\d+)\s+\d+$/gm)].map(
      ([, type, count]) => [type, Number(count)] as const,
    );
    const theirs = counted.filter(
      ([type, count]) => count > 0 && type !== "jdk.Metadata" && !/^jdk.Check[Pp]oint$/.test(type!),
    );
    expect(theirs.length).toBeGreaterThan(30);
    const ours = theirs.map(([type]) => [type, recording.eventCounts.get(type!)]);
    expect(ours).toEqual(theirs);
  });

  test.each([
    ["jdk.JavaMonitorEnter", "duration", secondsOf],
    ["jdk.FileForce", "duration", secondsOf],
    ["jdk.ObjectAllocationSample", "weight", Number],
  ])("weighs as much of %s as the JDK's own tool prints", async (event, field, numberOf) => {
    const { stdout } = await execa(join(jdk.home, "bin/jfr"), ["print", "--json", "--events", event, file]);
    const { events } = JSON.parse(stdout).recording as { events: { values: Record<string, string> }[] };
    const theirs = events.reduce((sum, { values }) => sum + numberOf(values[field]!), 0);
    const { sampleWeight, sampleCount } = profiles.profiles.find((profile) => profile.event === event)!;
    expect(sampleCount.reduce((sum, count) => sum + count, 0)).toBe(events.length);
    expect(sampleWeight.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(theirs, 6);
  });

  test("tells the interval, threshold and throttle of its numbers", () => {
    const confidenceOf = (event: string) => profiles.profiles.find((profile) => profile.event === event)!.confidence;
    expect(confidenceOf("jdk.ExecutionSample").intervalSeconds).toBe(0.01);
    expect(confidenceOf("jdk.JavaMonitorEnter").thresholdSeconds).toBe(0.01);
    expect(confidenceOf("jdk.ObjectAllocationSample").throttle).toBe("300/s");
  });

  test("tells of its JVM, and nothing that is private", () => {
    expect(recording.jvm.version).toContain(`(${jdk.major}.`);
    expect(recording.jvm.javaArguments).toContain("RecordedWork");
    expect(recording.jvm.pid).toBeGreaterThan(0);
    for (const type of ["InitialEnvironmentVariable", "InitialSystemProperty", "SystemProcess", "StringFlag"]) {
      expect(recording.eventCounts.get(`jdk.${type}`)).toBeGreaterThan(0);
      expect(recording.tables.has(`jdk.${type}`)).toBe(false);
    }
  });

  test("is cut to a window, a thread and an event when asked", () => {
    const filter = {
      fromSeconds: 1,
      toSeconds: 2,
      isThread: ({ name }: { readonly name: string }) => name === "burner-1",
      isEvent: (event: string) => event === "jdk.ExecutionSample",
    };
    const cut = readRecording(openFile(file), { filter });
    expect(cut.profiles.profiles.map(({ event }) => event)).toEqual(["jdk.ExecutionSample"]);
    expect(cut.profiles.durationSeconds).toBe(1);
    expect(cut.profiles.startMillis).toBe(recording.startMillis + 1_000);
    const [profile] = cut.profiles.profiles;
    expect(Math.max(...profile!.sampleSeconds!)).toBeLessThan(1);
    expect(new Set([...profile!.sampleThread!].map((thread) => cut.profiles.threads[thread]!.name))).toEqual(
      new Set(["burner-1"]),
    );
  });
});

async function record(jdk: Jdk, file: string): Promise<void> {
  const classPath = await compileJava(
    jdk,
    join(import.meta.dirname, "../../../fixtures/recorded-work/RecordedWork.java"),
  );
  const thresholds = ["FileForce", "FileWrite"].map((event) => `jdk.${event}#threshold=0ms`).join(",");
  const jvm = await startJvm(jdk, {
    classPath,
    mainClass: "RecordedWork",
    flags: ["-Xmx64m", `-XX:StartFlightRecording:settings=profile,${thresholds}`],
  });
  try {
    await jvm.jcmd("JFR.dump", `filename=${file}`);
  } finally {
    await jvm.stop();
  }
}

/** The sample of the stack that weighs most. */
function heaviest({ sampleStack, sampleWeight }: Profile): number {
  const weights = new Map<number, number>();
  sampleStack.forEach((stack, row) => {
    weights.set(stack, (weights.get(stack) ?? 0) + sampleWeight[row]!);
  });
  const [stack] = [...weights].sort((a, b) => b[1] - a[1])[0]!;
  return sampleStack.indexOf(stack);
}

function namesOf({ stacks }: Profile, leaf: number): readonly string[] {
  const names: string[] = [];
  for (let stack = leaf; stack >= 0; stack = stacks.stackCaller[stack]!) {
    names.push(stacks.frameNames[stacks.stackFrame[stack]!]!);
  }
  return names;
}

/** `PT0.030123S`, `PT1M2.5S` */
function secondsOf(text: string): number {
  const [, minutes = "0", seconds = "0"] = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(text)!;
  return Number(minutes) * 60 + Number(seconds);
}
