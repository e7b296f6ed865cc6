import { expect, test } from "vitest";
import { deadlockedThreadsByMBeans, threadCountsByMBeans } from "../../collectors/mbean-threads.ts";
import { fakeTarget, noAnswer } from "./fake-target.ts";

const { signal } = new AbortController();
const threading = "java.lang:type=Threading";

test("threads are counted without a list of them", async () => {
  const counts = { ThreadCount: 9, DaemonThreadCount: 8, PeakThreadCount: 10, TotalStartedThreadCount: 12 };
  const target = fakeTarget({ mbeans: { [threading]: counts } });
  expect(await threadCountsByMBeans(target, signal)).toMatchObject({
    ok: true,
    value: { live: 9, daemon: 8, peak: 10, started: 12 },
    source: "mbeans",
  });
  expect(target.mbeanReads).toEqual([{ mbean: threading, attributes: Object.keys(counts) }]);
});

test("half of the counts are no answer", async () => {
  const target = fakeTarget({ mbeans: { [threading]: { ThreadCount: 9 } } });
  expect(await threadCountsByMBeans(target, signal)).toMatchObject({ ok: false, code: "failed" });
});

test("deadlocked threads are counted, of which there mostly are none", async () => {
  const found = (ids: unknown) => fakeTarget({ mbeans: { [threading]: { ok: true, value: ids, source: "mbeans" } } });
  expect(await deadlockedThreadsByMBeans(found([21, 22]), signal)).toMatchObject({ ok: true, value: 2 });
  expect(await deadlockedThreadsByMBeans(found(null), signal)).toMatchObject({ ok: true, value: 0 });
  expect(await deadlockedThreadsByMBeans(found("?"), signal)).toMatchObject({ ok: false });
  const forbidden = fakeTarget({ mbeans: { [threading]: noAnswer("needs diagnose", "forbidden") } });
  expect(await deadlockedThreadsByMBeans(forbidden, signal)).toEqual(noAnswer("needs diagnose", "forbidden"));
});
