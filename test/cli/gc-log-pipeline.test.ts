import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { joinGcLogInputs, readGcLogEvidence } from "../../src/cli/gc-log-pipeline.ts";
import { readInput } from "../../src/cli/input.ts";
import { wholeSelection } from "../../src/cli/selection.ts";
import { headOfG1, youngOfG1 } from "../gc-log-of.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-gc-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const options = {
  sizes: "gaps",
  refs: "strong",
  dump: undefined,
  threads: 1,
  histogramOnly: false,
  selection: wholeSelection,
  progress: () => undefined,
} as const;

async function inputOf(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const input = readInput(path);
  return { name: path, fileBytes: input.fileBytes, read: await readGcLogEvidence(input, options) };
}

const text = headOfG1 + Array.from({ length: 30 }, (_, id) => youngOfG1({ id, at: 2 + id })).join("");

describe("logs as inputs", () => {
  test("the files of a rotated log are one input in the order of time, whatever the order they are given in", async () => {
    const lines = text.split("\n");
    const part = (from: number, to?: number) => `${lines.slice(from, to).join("\n")}\n`;
    const inputs = [
      await inputOf("gc.log", part(160)),
      await inputOf("gc.log.0", part(0, 80)),
      await inputOf("gc.log.1.gz", gzipSync(part(80, 160))),
    ];
    const [joined, ...others] = joinGcLogInputs(inputs);
    expect(others).toEqual([]);
    expect(joined?.read.summary).toMatchObject({ kind: "gc", collector: "G1", pauses: 30, jvms: 1, unparsedLines: 0 });
    const whole = await inputOf("whole.log", text);
    expect(joined?.read.evidence.gcLog?.collections).toEqual(whole.read.evidence.gcLog?.collections);
  });

  test("logs of two JVMs stay two inputs", async () => {
    const inputs = [await inputOf("a.log", text), await inputOf("b.log", text)];
    expect(joinGcLogInputs(inputs)).toEqual(inputs);
  });

  test("the summary has what scripts read", async () => {
    const { read } = await inputOf("one.log", text);
    expect(read.summary).toMatchObject({
      kind: "gc",
      collector: "G1",
      jvmVersion: "25.0.3+9-LTS (release)",
      runtimeSeconds: expect.closeTo(30.99, 6),
      pauses: 30,
      pauseSeconds: {
        total: expect.closeTo(0.3, 9),
        max: 0.01,
        p50: expect.closeTo(0.01, 4),
        p99: expect.closeTo(0.01, 4),
      },
      fullPauses: 0,
      lines: 216,
      unparsedLines: 0,
      lostBytes: 0,
    });
  });
});
