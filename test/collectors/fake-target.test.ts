import { expect, test } from "vitest";
import { fakeTarget, noAnswer, takenAtMillis } from "./fake-target.ts";

const { signal } = new AbortController();

test("a fake target gives recorded replies, notes what it was asked, and has a reason for the rest", async () => {
  const target = fakeTarget({
    identity: { pid: 7 },
    jcmd: { "VM.uptime": "4.470 s", "VM.flags": noAnswer("not now", "forbidden") },
    proc: { status: "Name:\tjava" },
    perfCounters: { "java.threads.live": 9, "sun.rt.safepointTime": 2e9, "java.rt.vmFlags": "-Xmx64m" },
    mbeans: { "java.lang:type=Threading": { ThreadCount: 9 } },
  });
  expect(target.identity.pid).toBe(7);
  expect(await target.jcmd("VM.uptime", signal)).toEqual({
    ok: true,
    value: "4.470 s",
    source: "attach",
    takenAtMillis,
  });
  expect(await target.jcmd("VM.flags", signal)).toMatchObject({ ok: false, code: "forbidden" });
  expect(await target.jcmd("VM.info", signal)).toMatchObject({ ok: false, reason: "no reply to VM.info" });
  expect(await target.readProc("status", signal)).toMatchObject({ value: "Name:\tjava", source: "proc" });
  expect(target.commands).toEqual(["VM.uptime", "VM.flags", "VM.info"]);

  const counters = await target.perfCounters(signal);
  expect(counters.ok && counters.value.number("java.threads.live")).toBe(9);
  expect(counters.ok && counters.value.seconds("sun.rt.safepointTime")).toBe(2);
  expect(counters.ok && counters.value.text("java.rt.vmFlags")).toBe("-Xmx64m");

  const reads = ["java.lang:type=Threading", "java.lang:type=Memory"].map((mbean) => ({ mbean, attributes: [] }));
  const beans = await target.mbeans(reads, signal);
  expect(beans.ok && beans.value).toMatchObject([{ ok: true, value: { ThreadCount: 9 } }, { ok: false }]);
  expect(await fakeTarget().cgroup(signal)).toEqual(noAnswer("no cgroup"));
});

test("a fake target refuses once the signal is given", async () => {
  await expect(fakeTarget().perfCounters(AbortSignal.abort())).rejects.toThrow();
});
