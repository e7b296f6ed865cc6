import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compileJava, someJdk } from "../jdk.ts";
import { runCommand } from "./run-command.ts";

const jdk = someJdk();
const seconds = 8;

describe.skipIf(jdk === undefined)("two recordings of one service", () => {
  test("before and after a change show the method that became slower, and no other", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "jprof-test-"));
    try {
      const before = await record(join(folder, "before.jfr"), 2);
      const after = await record(join(folder, "after.jfr"), 6);
      const { stdout, code } = await runCommand("diff", [
        before,
        after,
        "--kind",
        "cpu",
        "--format",
        "json",
        "--fail-on",
        "regression>5%",
      ]);
      const { changes } = JSON.parse(stdout).differences[0];
      const slower = changes.filter(({ verdict }: { verdict: string }) => verdict === "more");
      expect(slower.map(({ name }: { name: string }) => name)).toEqual(["ChecksumStore.checksum"]);
      expect(code).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

async function record(file: string, checksumRounds: number): Promise<string> {
  const classes = await compileJava(
    jdk!,
    join(import.meta.dirname, "../../fixtures/checksum-store/ChecksumStore.java"),
  );
  const recording = `-XX:StartFlightRecording=settings=profile,filename=${file},dumponexit=true`;
  const java = join(jdk!.home, "bin/java");
  await execa(java, ["-Xmx64m", recording, "-cp", classes, "ChecksumStore", String(checksumRounds), String(seconds)], {
    timeout: 60_000,
  });
  return file;
}
