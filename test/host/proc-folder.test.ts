import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readProcFile } from "../../src/host/proc-file.ts";
import { ProcFolder } from "../../src/host/proc-folder.ts";
import { drawFiles, statLine } from "./drawn-files.ts";

const { signal } = new AbortController();

function drawn(startTicks: number) {
  const procRoot = drawFiles({ "7/stat": statLine(7, 100), "7/status": "Name:\tjava\n", "8/status": "Name:\tbash\n" });
  const named = { pid: 7, startTicks, procRoot };
  return { ...named, folder: new ProcFolder(named) };
}

test("what is read through a folder that is held is of that process, though its pid is another's now", async () => {
  const process = drawn(100);
  expect(await readProcFile(process, "status", signal)).toMatchObject({ value: "Name:\tjava\n" });
  renameSync(join(process.procRoot, "7"), join(process.procRoot, "gone"));
  renameSync(join(process.procRoot, "8"), join(process.procRoot, "7"));
  expect(await readProcFile(process, "status", signal)).toMatchObject({ value: "Name:\tjava\n" });
  process.folder.close();
});

test("a folder of another process is not opened", async () => {
  const answer = await readProcFile(drawn(99), "status", signal);
  expect(answer).toMatchObject({ ok: false, code: "absent", reason: expect.stringContaining("another's now") });
});

test("what cannot be read is named by its path in /proc, and after the end nothing is read", async () => {
  const process = drawn(100);
  const missing = await readProcFile(process, "limits", signal);
  expect(missing).toMatchObject({ ok: false, reason: `${join(process.procRoot, "7/limits")} does not exist` });
  process.folder.close();
  expect(await readProcFile(process, "status", signal)).toMatchObject({
    ok: false,
    reason: "process 7 is no longer watched",
  });
});
