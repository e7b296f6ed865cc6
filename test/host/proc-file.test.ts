import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseStat } from "../../src/formats/proc/stat.ts";
import { parseStatus } from "../../src/formats/proc/status.ts";
import { parseThreadSums } from "../../src/formats/proc/thread-sums.ts";
import { readProcFile } from "../../src/host/proc-file.ts";
import { ThreadTotals } from "../../src/host/thread-totals.ts";
import { drawFiles, statLine } from "./drawn-files.ts";

const { signal } = new AbortController();

function drawn(files: Readonly<Record<string, string>>, startTicks = 100) {
  const procRoot = drawFiles({ "7/stat": statLine(7, 100), ...files });
  return { pid: 7, startTicks, procRoot };
}

describe("a file of a process", () => {
  test("is read while the process is the one that was meant", async () => {
    expect(await readProcFile(drawn({ "7/status": "Name:\tjava\n" }), "status", signal)).toMatchObject({
      ok: true,
      value: "Name:\tjava\n",
      source: "proc",
    });
  });

  test("is not told when another process has the pid", async () => {
    const answer = await readProcFile(drawn({ "7/status": "Name:\tbash\n" }, 99), "status", signal);
    expect(answer).toMatchObject({ ok: false, code: "absent", reason: expect.stringContaining("another's now") });
  });

  test("that is not there, cannot be read in time, or has odd neighbours, has a reason", async () => {
    const process = drawn({ "7/smaps_rollup": "" });
    expect(await readProcFile(process, "status", signal)).toMatchObject({ code: "absent" });
    expect(await readProcFile(process, "smaps_rollup", AbortSignal.abort())).toMatchObject({ code: "timeout" });
    expect(await readProcFile({ ...process, pid: 8 }, "status", signal)).toMatchObject({ code: "absent" });
    const odd = drawn({ "7/status": "", "7/stat": "what?" });
    expect(await readProcFile(odd, "status", signal)).toMatchObject({ code: "failed" });
  });

  test("that another user owns says who may read it", async () => {
    const target = drawn({ "7/io": "" });
    chmodSync(target.procRoot, 0o755);
    chmodSync(join(target.procRoot, "7/io"), 0);
    const answer = await asNobody(() => readProcFile(target, "io", signal));
    expect(answer).toMatchObject({ code: "denied", reason: expect.stringContaining("CAP_SYS_PTRACE") });
  });

  test("of the whole machine begins with a slash", async () => {
    const answer = await readProcFile(drawn({ "pressure/cpu": "some" }), "/pressure/cpu", signal);
    expect(answer).toMatchObject({ ok: true, value: "some" });
  });

  test("the folder of descriptors gives how many there are", async () => {
    const target = drawn({});
    mkdirSync(join(target.procRoot, "7/fd"));
    expect((await readProcFile(target, "fd", signal)).ok).toBe(true);
  });
});

describe("what the threads did", () => {
  const thread = (voluntary: number, involuntary: number, waitingNanos: number) => ({
    status: `Name:\tx\nTgid:\t7\nvoluntary_ctxt_switches:\t${voluntary}\nnonvoluntary_ctxt_switches:\t${involuntary}\n`,
    schedstat: `1 ${waitingNanos} 1\n`,
  });

  async function sumsOver(...looks: readonly Readonly<Record<string, ReturnType<typeof thread>>>[]) {
    const threads = new ThreadTotals();
    const sums: unknown[] = [];
    for (const look of looks) {
      const files = Object.entries(look).flatMap(([tid, texts]) =>
        Object.entries(texts).map(([name, text]) => [`7/task/${tid}/${name}`, text]),
      );
      const answer = await readProcFile({ ...drawn(Object.fromEntries(files)), threads }, "task", signal);
      if (!answer.ok) throw new Error(answer.reason);
      const { voluntarySwitches, involuntarySwitches, waitingSeconds } = parseThreadSums(answer.value);
      sums.push([voluntarySwitches, involuntarySwitches, waitingSeconds]);
    }
    return sums;
  }

  test("is summed, and stays when a thread ends or another gets its id", async () => {
    const sums = await sumsOver(
      { 7: thread(1, 2, 1e9), 8: thread(10, 20, 2e9) },
      { 7: thread(2, 2, 1e9), 9: thread(5, 0, 0) },
      { 7: thread(2, 3, 2e9), 9: thread(1, 1, 5e8) },
    );
    expect(sums).toEqual([
      [11, 22, 3],
      [17, 22, 3],
      [18, 24, 4.5],
    ]);
  });

  test("counts once, though a look was given up half-way", async () => {
    const texts = thread(1, 0, 0);
    const names = Array.from({ length: 120 }, (_, index) => `7/task/${index + 1}`);
    const files = names.flatMap((name) => Object.entries(texts).map(([file, text]) => [`${name}/${file}`, text]));
    const target = { ...drawn(Object.fromEntries(files)), threads: new ThreadTotals() };
    expect(await readProcFile(target, "task", AbortSignal.abort())).toMatchObject({ ok: false, code: "timeout" });
    const answer = await readProcFile(target, "task", signal);
    expect(answer.ok && parseThreadSums(answer.value).voluntarySwitches).toBe(120);
  });

  test("is not told where nobody keeps it", async () => {
    expect(await readProcFile(drawn({}), "task", signal)).toMatchObject({ ok: false, code: "absent" });
  });
});

describe.skipIf(process.platform !== "linux")("this machine", () => {
  async function sleeper(): Promise<ChildProcess & { pid: number }> {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "spawn");
    return child as ChildProcess & { pid: number };
  }

  test("a process that ends is absent from then on", async () => {
    const child = await sleeper();
    const { startTicks } = parseStat(readFileSync(`/proc/${child.pid}/stat`, "utf8"));
    const target = { pid: child.pid, startTicks, procRoot: "/proc" };
    const status = await readProcFile(target, "status", signal);
    expect(status.ok && parseStatus(status.value).tgid).toBe(child.pid);
    const descriptors = async () => {
      const answer = await readProcFile(target, "fd", signal);
      return answer.ok ? Number(answer.value) - readdirSync(`/proc/${child.pid}/fd`).length : answer.reason;
    };
    await expect.poll(descriptors).toBe(0);
    child.kill("SIGKILL");
    await once(child, "exit");
    for (const file of ["status", "fd", "io", "task", "smaps_rollup"]) {
      expect(await readProcFile({ ...target, threads: new ThreadTotals() }, file, signal)).toMatchObject({
        ok: false,
        code: "absent",
      });
    }
  });

  test("threads' switches grow while they run", async () => {
    const { startTicks } = parseStat(readFileSync("/proc/self/stat", "utf8"));
    const target = { pid: process.pid, startTicks, procRoot: "/proc", threads: new ThreadTotals() };
    const looks: number[] = [];
    for (let look = 0; look < 3; look++) {
      const answer = await readProcFile(target, "task", signal);
      looks.push(answer.ok ? parseThreadSums(answer.value).voluntarySwitches : Number.NaN);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(looks[1]).toBeGreaterThan(looks[0]!);
    expect(looks[2]).toBeGreaterThan(looks[1]!);
  });
});

/** What root may do, others may not. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
