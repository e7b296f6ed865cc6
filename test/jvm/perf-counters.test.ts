import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { begunMillis, drawnProcess } from "./perf-file.ts";

const counters = { "java.threads.live": 11, "sun.rt.javaCommand": "Service --port 1" };

describe("the perf counters of a process", () => {
  test("are found in its own /tmp under its own number, whoever its user is", () => {
    const process = drawnProcess();
    process.write(counters, { user: "cassandra" });
    const answer = process.open().read();
    expect(answer).toMatchObject({ ok: true, source: "perf-counters" });
    expect(answer.ok && answer.value.number("java.threads.live")).toBe(11);
  });

  test("are found when they appear later", () => {
    const process = drawnProcess();
    const source = process.open();
    expect(source.read()).toMatchObject({ ok: false, code: "absent" });
    process.write(counters);
    expect(source.read().ok).toBe(true);
  });

  test("are waited for while the JVM is starting", () => {
    const process = drawnProcess();
    process.write(counters, { accessible: false });
    const source = process.open();
    expect(source.read()).toMatchObject({ ok: false, reason: expect.stringContaining("the JVM is starting") });
    process.write(counters);
    expect(source.read().ok).toBe(true);
  });

  test("are read anew when the JVM adds some", () => {
    const process = drawnProcess();
    process.write(counters);
    const source = process.open();
    process.write({ ...counters, "java.threads.daemon": 10 });
    const answer = source.read();
    expect(answer.ok && answer.value.number("java.threads.daemon")).toBe(10);
  });

  test("go on when a cleaner of /tmp deleted the file, and end with the process", () => {
    const process = drawnProcess();
    process.write(counters);
    const source = process.open();
    process.remove();
    expect(source.read().ok).toBe(true);
    rmSync(join(process.procRoot, "4711"), { recursive: true });
    expect(source.read()).toMatchObject({ ok: false, code: "absent", reason: "the JVM has ended" });
  });

  test("end when they are closed", () => {
    const process = drawnProcess();
    process.write(counters);
    const source = process.open();
    source.close();
    expect(source.read().ok).toBe(false);
    source.tick();
    expect(source.activity().ok).toBe(false);
  });
});

describe("a file of perf counters that is not the process's own", () => {
  test("is refused when its JVM began before the process did", () => {
    const process = drawnProcess();
    process.write(counters);
    const answer = process.open(begunMillis + 60_000).read();
    expect(answer).toMatchObject({ ok: false, code: "absent", reason: expect.stringContaining("is of another JVM") });
  });

  test("does not hide the own one beside it", () => {
    const process = drawnProcess();
    process.write({ ...counters, "sun.rt.createVmBeginTime": begunMillis - 3_600_000 }, { user: "aaa" });
    process.write(counters, { user: "bbb" });
    const answer = process.open().read();
    expect(answer.ok && answer.value.number("sun.rt.createVmBeginTime")).toBe(begunMillis);
  });

  test("is the own one all the same when the process has it mapped: then the clock was set", () => {
    const process = drawnProcess();
    process.write(counters);
    const source = process.open(begunMillis + 60_000);
    const { ino } = statSync(join(process.procRoot, "4711/root/tmp/hsperfdata_someone/7"));
    process.put("maps", `7f00-7f08 rw-s 00000000 fe:01 ${ino}    /tmp/hsperfdata_someone/7\n`);
    expect(source.read().ok).toBe(true);
  });

  test("may begin long after the process where a script became the JVM, if the command line is its own", () => {
    const process = drawnProcess();
    process.write(counters);
    const source = process.open(begunMillis - 600_000);
    expect(source.read().ok).toBe(false);
    process.put("cmdline", "java\0-Xmx1g\0Service\0--port\x001\0");
    expect(source.read().ok).toBe(true);
  });

  test("is refused when it holds something else", () => {
    const process = drawnProcess();
    process.write(counters);
    process.put("root/tmp/hsperfdata_someone/7", "not counters");
    expect(process.open().read()).toMatchObject({ ok: false, reason: expect.stringContaining("cafec0c0") });
  });
});

describe("why there are no perf counters", () => {
  test.each(["-XX:-UsePerfData", "-XX:+PerfDisableSharedMem"])("is said to be %s", (flag) => {
    const process = drawnProcess();
    process.put("cmdline", `java\0${flag}\0Service\0`);
    expect(process.open().read()).toMatchObject({ ok: false, code: "absent", reason: expect.stringContaining(flag) });
  });

  test("is not a flag that a later one takes back", () => {
    const process = drawnProcess();
    process.put("cmdline", "java\0-XX:+PerfDisableSharedMem\0-XX:-PerfDisableSharedMem\0Service\0");
    expect(process.open().read()).toMatchObject({ ok: false, reason: expect.not.stringContaining("runs with") });
  });

  test("is said to be a user without a name", () => {
    const process = drawnProcess();
    process.put("status", "Name:\tjava\nUid:\t1000720000\t1000720000\t1000720000\t1000720000\n");
    process.put("root/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
    const answer = process.open().read();
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining("user 1000720000 has no entry") });
  });
});
