import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heapSectionNames } from "../../src/cli/section-names.ts";
import { validReport } from "../valid-report.ts";
import { mainFile, runJprof } from "./run-jprof.ts";

interface Json {
  readonly inputs: readonly { readonly name: string; readonly error?: string }[];
  readonly summary: readonly Record<string, unknown>[];
  readonly sections: Record<string, unknown>;
}

const packed = join(import.meta.dirname, "../../fixtures/demo.hprof.gz");
const folder = mkdtempSync(join(tmpdir(), "jprof-analyze-"));
const dump = join(folder, "demo.hprof");
const text = join(folder, "notes.txt");

beforeAll(() => {
  writeFileSync(dump, gunzipSync(readFileSync(packed)));
  writeFileSync(text, "nothing that jprof reads\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("jprof analyze", () => {
  test("a dump becomes a report of text without colours, and nothing on stderr", async () => {
    const { code, stdout, stderr } = await runJprof(["analyze", dump]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/demo\.hprof/);
    expect(stdout).toMatch(/sizes learned from the dump/);
    expect(stdout).not.toContain("\u001b");
  });

  test("the JSON follows the schema and is the same from run to run, whatever the threads", async () => {
    const [one, two] = await Promise.all([
      runJprof(["analyze", dump, "--format", "json"]),
      runJprof(["analyze", dump, "--format", "json", "--threads", "1"]),
    ]);
    const report = validReport<Json>(one.stdout);
    expect(report.summary[0]).toMatchObject({ kind: "heap", idBytes: 8, lostBytes: 0, sizing: { method: "gaps" } });
    expect(Object.keys(report.sections).sort()).toEqual([...heapSectionNames].sort());
    expect(two.stdout).toBe(one.stdout);
  });

  test("a compressed dump gives what the plain one gives", async () => {
    const [plain, gzip] = await Promise.all(
      [dump, packed].map(async (path) =>
        validReport<Json>((await runJprof(["analyze", path, "--format", "json"])).stdout),
      ),
    );
    expect(isDeepStrictEqual(gzip!.sections, plain!.sections)).toBe(true);
  });

  test("--include histogram is one scan that gives the histogram and no graph, also from stdin", async () => {
    const args = ["--include", "histogram", "--format", "json"];
    const [file, stdin] = await Promise.all([
      runJprof(["analyze", dump, ...args]),
      runJprof(["analyze", "-", ...args], readFileSync(dump)),
    ]);
    const report = validReport<Json>(file.stdout);
    expect(report.summary[0]).not.toHaveProperty("reachableBytes");
    expect(report.sections).toHaveProperty("histogram.classes");
    const piped = validReport<Json>(stdin.stdout);
    expect(piped.summary[0]).toEqual({ ...report.summary[0], input: "-" });
    expect(isDeepStrictEqual(piped.sections, report.sections)).toBe(true);
  });

  test("a small dump on stdin gets the whole report", async () => {
    const { code, stdout } = await runJprof(["analyze", "-", "--format", "json"], readFileSync(dump));
    expect(code).toBe(0);
    expect(validReport<Json>(stdout).summary[0]).toHaveProperty("reachableBytes");
  });

  test("a folder that is not there is told before the dump is read", async () => {
    const { code, stderr } = await runJprof(["analyze", join(folder, "no dump"), "-o", join(folder, "gone", "report")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^jprof: cannot write .*: there is no folder .*gone; make it first\n$/);
  });

  test("a disk that is full is one line and no finding", async () => {
    const run = execFileSync(
      "bash",
      ["-c", '"$1" "$2" analyze "$3" 2>&1 >/dev/full; echo $?', "bash", process.execPath, mainFile, dump],
      {
        encoding: "utf8",
      },
    );
    expect(run).toMatch(/^jprof: cannot write to stdout: no space left on the device; [^\n]*\n2\n$/);
  });

  test("a closed stderr does not change the exit code", () => {
    const script = '"$1" "$2" analyze "$3" 2>&-; echo $?';
    const run = execFileSync("bash", ["-c", script, "bash", process.execPath, mainFile, text], { encoding: "utf8" });
    expect(run).toBe("3\n");
  });

  test("an error names the file, and says what is wrong with it", async () => {
    const { code, stderr } = await runJprof(["analyze", dump, "--dump", "7"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^jprof: .*demo\.hprof: the file holds 1 heap dumps?, so there is no dump 7/);
  });

  test("-o writes the report to the file and nothing else", async () => {
    const out = join(folder, "out");
    execFileSync("mkdir", [out]);
    const { code, stdout } = await runJprof(["analyze", dump, "--format", "md", "-o", join(out, "report.md")]);
    expect({ code, stdout, files: readdirSync(out) }).toEqual({ code: 0, stdout: "", files: ["report.md"] });
    expect(readFileSync(join(out, "report.md"), "utf8")).toContain("<details>");
  });

  test("--fail-on exits with 1 when a finding is that severe", async () => {
    const { code } = await runJprof(["analyze", dump, "--fail-on", "info"]);
    expect(code).toBe(1);
  });

  test("an unknown input exits with 3 and says what is read", async () => {
    const { code, stdout, stderr } = await runJprof(["analyze", text]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(
      /^jprof: .*notes\.txt is of no kind that jprof reads, it starts with 'nothing that jpr'; it reads heap dumps.*\n$/,
    );
  });

  test("of several inputs the readable ones are reported, and the exit code is 3", async () => {
    const { code, stdout, stderr } = await runJprof(["analyze", text, dump, "--format", "json"]);
    const report = validReport<Json>(stdout);
    expect(stderr).toMatch(/^jprof: .*notes\.txt is of no kind that jprof reads[^\n]*\n$/);
    expect(code).toBe(3);
    expect(report.inputs.map(({ error }) => error !== undefined)).toEqual([true, false]);
    expect(report.summary).toHaveLength(1);
  });

  test("--debug adds the stack", async () => {
    const { stderr } = await runJprof(["analyze", join(folder, "gone"), "--debug"]);
    expect(stderr).toMatch(/^jprof: cannot read .*gone: no such file; check the path\nTargetError: /);
  });

  test.each([
    ["", "0\n"],
    ["--fail-on info", "1\n"],
  ])("a reader that goes away is no error, and the verdict stays (%s)", (options, code) => {
    const script = `"$1" "$2" analyze "$3" --format json ${options} | head -c 10 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const run = execFileSync("bash", ["-c", script, "bash", process.execPath, mainFile, dump], { encoding: "utf8" });
    expect(run).toBe(code);
  });

  test("an interrupt ends it at once and leaves no file", async () => {
    const out = join(folder, "interrupted");
    execFileSync("mkdir", [out]);
    const child = spawn(process.execPath, [
      mainFile,
      "analyze",
      "-",
      "--include",
      "histogram",
      "-o",
      join(out, "report"),
    ]);
    const closed = new Promise<[number | null, string | null]>((resolve) => {
      child.on("close", (...end) => resolve(end));
    });
    child.stdin.write(readFileSync(dump).subarray(0, 100_000));
    setTimeout(() => child.kill("SIGINT"), 500);
    const [code, signal] = await closed;
    expect(signal === "SIGINT" || code === 130).toBe(true);
    expect(readdirSync(out)).toEqual([]);
  });
});
