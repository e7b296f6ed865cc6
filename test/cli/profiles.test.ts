import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { parseDiffOptions } from "../../src/cli/diff-options.ts";
import { exportFormats } from "../../src/cli/export-formats.ts";
import { parseProfileChoice } from "../../src/cli/profile-choice-options.ts";
import { readPprof } from "../../src/formats/pprof/read-pprof.ts";
import { UsageError } from "../../src/model/errors.ts";
import { profileWriters } from "../../src/reports/profile-writers/index.ts";
import { jfrJsonText } from "../formats/profiles/samples.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const before = fileOf("before.collapsed", "run;wal;crc 400\nrun;wal;encode 700\nrun;gc 300\n");
const same = fileOf("same.collapsed", "run;wal;crc 405\nrun;wal;encode 698\nrun;gc 297\n");
const after = fileOf("after.collapsed", "run;wal;crc 700\nrun;wal;encode 700\nrun;fresh 50\n");
const recording = fileOf("recording.json", jfrJsonText);

describe("jprof export", () => {
  test("writes collapsed stacks to stdout", async () => {
    const { code, stdout } = await runCommand("export", [before, "--format", "collapsed", "--inverted"]);
    expect(code).toBe(0);
    expect(stdout).toBe("crc;wal;run 400\nencode;wal;run 700\ngc;run 300\n");
  });

  test("packs pprof as its readers expect", async () => {
    const output = join(folder, "out.pb.gz");
    expect(await runCommand("export", [same, "--format", "pprof", "-o", output])).toMatchObject({
      code: 0,
      stdout: "",
    });
    const { profiles } = readPprof(memorySource("out", gunzipSync(readFileSync(output))));
    expect([...profiles[0]!.sampleWeight]).toEqual([405, 698, 297]);
  });

  test("writes a page with flame graphs", async () => {
    const { code, stdout } = await runCommand("export", [recording, "--format", "html"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>/i);
  });

  test("chooses by kind, thread and time", async () => {
    const args = [
      recording,
      "--format",
      "collapsed",
      "--kind",
      "cpu",
      "--thread",
      "wal-*",
      "--from",
      "100ms",
      "--to",
      "1s",
    ];
    const { stdout } = await runCommand("export", args);
    expect(stdout).toBe("java.lang.Thread.run;com.acme.store.Crc.update 1\n");
  });

  test.each([
    [
      [recording, "--format", "collapsed"],
      2,
      "collapsed holds one profile; choose one with --kind: cpu 'jdk.ExecutionSample', io",
    ],
    [[recording, "--format", "collapsed", "--kind", "gc"], 3, "has no such profile; it has cpu 'jdk.ExecutionSample'"],
    [[before, "--format", "collapsed", "--thread", "x"], 2, "--thread needs samples with threads"],
    [[before, "--format", "collapsed", "--from", "1"], 2, "--from and --to need samples with times"],
    [[before, "--format", "collapsed", "--state", "STATE_SLEEPING"], 2, "--state needs a flight recording"],
    [[join(folder, "none"), "--format", "collapsed"], 3, "no such file"],
    [
      [join(import.meta.dirname, "../../package.json"), "--format", "collapsed"],
      3,
      "holds no profile that jprof reads",
    ],
  ])("%j says what is wrong", async (args, exit, message) => {
    const { code, stderr } = await runCommand("export", args);
    expect(stderr).toContain(message);
    expect(code).toBe(exit);
  });
});

describe("jprof diff", () => {
  test("tells what became slower, faster, new and gone", async () => {
    const { code, stdout } = await runCommand("diff", [before, after]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(folder, "")).toMatchInlineSnapshot(`
      "/before.collapsed → /after.collapsed

      unknown (samples), by share of the whole   1,400 → 1,450 events
        ▼ LESS    gc                                                                  21 % → 0 %  gone  −21 % (−21 % to −19 %)
        ▲ MORE    crc                                                               29 % → 48 %  ×1.69  +20 % (+16 % to +23 %)
        ▲ MORE    wal and what it calls                                             79 % → 97 %  ×1.23  +18 % (+16 % to +20 %)
        ▲ MORE    fresh                                                            0 % → 3.4 %  new  +3.4 % (+2.5 % to +4.4 %)
        no difference shown for 2 frames
        samples have no times or are too few to see how they vary in time: they are taken as independent, and real services vary more
      "
    `);
  });

  test("tells nothing of two runs of the same", async () => {
    const { code, stdout } = await runCommand("diff", [before, same, "--fail-on", "regression>0%"]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/MORE|LESS|SLOWER|FASTER/);
  });

  test("ends with 1 on a regression beyond the limit", async () => {
    expect((await runCommand("diff", [before, after, "--fail-on", "regression>5%"])).code).toBe(1);
    expect((await runCommand("diff", [before, after, "--fail-on", "regression>50%"])).code).toBe(0);
  });

  test("writes JSON and Markdown", async () => {
    const json = JSON.parse((await runCommand("diff", [before, after, "--format", "json"])).stdout);
    expect(json.differences[0].changes[0]).toMatchObject({
      name: "gc",
      of: "self",
      verdict: "less",
      countBefore: 300,
      isGone: true,
    });
    expect(json.differences[0]).toMatchObject({
      normalization: "samples",
      samples: { before: 1400, after: 1450 },
      whole: null,
    });
    const { stdout } = await runCommand("diff", [before, after, "--format", "md"]);
    expect(stdout).toContain("| more | `crc` | self | 29 % | 48 % | ×1.69 |");
  });

  test("says when files cannot be compared", async () => {
    const { code, stderr } = await runCommand("diff", [before, recording]);
    expect(code).toBe(3);
    expect(stderr).toContain("the files have no profile in common");
    expect((await runCommand("diff", [before, after, "--normalize", "time"])).stderr).toContain(
      "use --normalize samples",
    );
  });
});

test("export takes the name of every writer, and html", () => {
  expect(exportFormats).toEqual([...profileWriters.map(({ name }) => name), "html"]);
});

describe("options", () => {
  const choice = (options: object) => parseProfileChoice(options);

  test("take times in several units", () => {
    expect(choice({ from: "1.5m", to: "2h" })).toMatchObject({
      selection: { from: { kind: "offset", seconds: 90 }, to: { kind: "offset", seconds: 7200 } },
    });
    expect(choice({ from: "250ms" })).toMatchObject({ selection: { from: { kind: "offset", seconds: 0.25 } } });
    expect(choice({ from: "12:03:10" })).toMatchObject({
      selection: { from: { kind: "clock", secondsOfDay: 43_390 } },
    });
    expect(choice({ to: "2026-11-25T12:03:10Z" })).toMatchObject({
      selection: { to: { kind: "moment", millis: Date.UTC(2026, 10, 25, 12, 3, 10) } },
    });
    expect(() => choice({ from: "soon" })).toThrow(UsageError);
    expect(() => choice({ from: "9s", to: "3s" })).toThrow("--from must be before --to");
  });

  test("take a limit for regressions in percent", () => {
    const parse = (failOn: string) => parseDiffOptions("a", "b", { format: "text", top: "10", failOn }).failAbove;
    expect(parse("regression>5%")).toBe(0.05);
    expect(parse("regression > 2.5 %")).toBe(0.025);
    expect(() => parse("5%")).toThrow("--fail-on takes 'regression>5%', got '5%'");
  });
});
