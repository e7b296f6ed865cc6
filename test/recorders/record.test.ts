import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asyncProfilerLibrary } from "../../scripts/services/artifacts.ts";
import { privateEvents } from "../../src/formats/jfr/scrub.ts";
import { mainFile, runJprof } from "../cli/run-jprof.ts";
import { compileJava, jdksOf, type RunningJvm, startJvm } from "../jdk.ts";

const source = join(import.meta.dirname, "../../fixtures/churn/Churn.java");
const flags = ["-Xmx64m", "-XX:+UseSerialGC", "-Drate.mb=20", "-Dlive.kb=1024", "-Dhoard.kb=1024", "-Dfull.millis=0"];

/** What recordings leave in the JVM's `/tmp` while they run, and nothing afterwards. */
function leftInTmp(): readonly string[] {
  return readdirSync("/tmp").filter((name) => /^jprof-\d+-\d+-[0-9a-f]{8}\./.test(name));
}

/** Starts `jprof record` and gives the process, for tests that interrupt it. */
function startRecord(args: readonly string[]) {
  const child = spawn(process.execPath, [mainFile, "record", ...args], { stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, ended };
}

for (const jdk of jdksOf(17, 25)) {
  describe(`recording a JVM of JDK ${jdk.major}`, { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "record-test-"));
    let jvm: RunningJvm;

    beforeAll(async () => {
      jvm = await startJvm(jdk, { classPath: await compileJava(jdk, source), mainClass: "Churn", flags });
    });
    afterAll(async () => {
      await jvm?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const summaryOf = async (file: string) => {
      const { stdout } = await execa(join(jdk.home, "bin/jfr"), ["summary", file]);
      return new Map([...stdout.matchAll(/^ ([\w.]+) +(\d+) +\d+/gm)].map(([, name, count]) => [name!, Number(count)]));
    };

    const untilRecording = async () => {
      for (let left = 100; left > 0; left--) {
        if ((await jvm.jcmd("JFR.check")).includes("name=jprof-")) return;
        await sleep(200);
      }
      throw new Error("no recording was started");
    };

    test("gives a file with what was asked, nothing private, and leaves the JVM as it was", async () => {
      const file = join(folder, "usual.jfr");
      const before = leftInTmp();
      const run = await runJprof(["record", String(jvm.pid), "--duration", "3s", "-o", file]);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      const events = await summaryOf(file);
      expect(events.get("jdk.ExecutionSample")).toBeGreaterThan(0);
      expect(events.get("jdk.GarbageCollection")).toBeGreaterThan(0);
      expect(events.get("jdk.ActiveSetting")).toBeGreaterThan(0);
      for (const type of ["jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.SystemProcess"]) {
        expect(events.get(type) ?? 0).toBe(0);
      }
      expect(await jvm.jcmd("JFR.check")).not.toContain("jprof-");
      expect(leftInTmp()).toEqual(before);
      expect(run.stdout).toContain(`jprof analyze ${file}`);
    });

    test("what another recording keeps of environment and properties does not come along", async () => {
      const file = join(folder, "beside-another.jfr");
      await jvm.jcmd("JFR.start", "name=other", "settings=profile");
      const run = await runJprof(["record", String(jvm.pid), "--gc", "--duration", "1s", "-o", file]);
      await jvm.jcmd("JFR.stop", "name=other");
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toContain("other recordings run in this JVM (other)");
      expect(run.stdout).toContain("their texts were removed");
      expect((await summaryOf(file)).get("jdk.InitialSystemProperty")).toBeGreaterThan(0);
      const { stdout } = await execa(join(jdk.home, "bin/jfr"), ["print", "--events", privateEvents.join(","), file]);
      const texts = [...stdout.matchAll(/^ {2}(?:key|value|commandLine|pid) = (.*)$/gm)].map(([, text]) => text);
      expect(texts.length).toBeGreaterThan(10);
      expect(new Set(texts)).toEqual(new Set(['""']));
    });

    test("an interrupt ends it early and keeps what there is", async () => {
      const file = join(folder, "interrupted.jfr");
      const { child, ended } = startRecord([String(jvm.pid), "--io", "--duration", "10m", "-o", file]);
      await untilRecording();
      child.kill("SIGINT");
      expect(await ended).toBe(0);
      expect(readFileSync(file).subarray(0, 4).toString("latin1")).toBe("FLR\0");
      expect(await jvm.jcmd("JFR.check")).not.toContain("jprof-");
    });

    test("what a killed jprof left is ended and removed by the next one", async () => {
      const before = leftInTmp();
      const { child, ended } = startRecord([
        String(jvm.pid),
        "--gc",
        "--duration",
        "10m",
        "-o",
        join(folder, "killed.jfr"),
      ]);
      await untilRecording();
      child.kill("SIGKILL");
      await ended;
      expect(leftInTmp().length).toBeGreaterThan(before.length);
      const run = await runJprof([
        "record",
        String(jvm.pid),
        "--gc",
        "--duration",
        "1s",
        "-o",
        join(folder, "next.jfr"),
      ]);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(await jvm.jcmd("JFR.check")).not.toContain("jprof-");
      expect(leftInTmp()).toEqual(before);
    });

    test("takes a heap dump, and says what would be done without doing it", async () => {
      const file = join(folder, "heap.hprof");
      const dry = await runJprof(["record", String(jvm.pid), "--heap", "-o", file, "--dry-run"]);
      expect(dry.stdout).toContain("GC.heap_dump");
      expect(existsSync(file)).toBe(false);
      const run = await runJprof(["record", String(jvm.pid), "--heap", "-o", file]);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(readFileSync(file).subarray(0, 12).toString("latin1")).toBe("JAVA PROFILE");
    });

    test("records native memory with async-profiler, where that was fetched", async ({ skip }) => {
      const library = await asyncProfilerLibrary(jdk);
      if (library === undefined) return skip("async-profiler was not fetched (node scripts/services.ts fetch)");
      const file = join(folder, "native.jfr");
      const options = ["--cpu", "--native", "--duration", "2s", "--async-profiler", library, "-o", file];
      const run = await runJprof(["record", String(jvm.pid), ...options]);
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect((await summaryOf(file)).get("jdk.ExecutionSample")).toBeGreaterThan(0);
    });
  });
}

describe("jprof record", () => {
  test("says what it needs for native memory", async () => {
    const { code, stderr } = await runJprof(["record", "1", "--native", "--async-profiler", "/no/such/library.so"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no file /no/such/library.so");
  });

  test.each(["0s", "2d", "-1s", ""])("refuses a duration of '%s'", async (duration) => {
    const { code, stderr } = await runJprof(["record", "1", `--duration=${duration}`]);
    expect(code).toBe(2);
    expect(stderr).toContain("--duration");
  });
});
