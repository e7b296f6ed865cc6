import { expect, test } from "vitest";
import { untrackedMemory, untrackedMemoryCollector } from "../../collectors/untracked-memory.ts";
import { fakeTarget, noAnswer, type Replies, takenAtMillis } from "./fake-target.ts";

const { signal } = new AbortController();
const command = "VM.native_memory summary scale=b";

const report = `
Native Memory Tracking:

Total: reserved=9000, committed=7000
-                 Java Heap (reserved=6000, committed=4000)
                            (mmap: reserved=6000, committed=4000)

-        Shared class space (reserved=2000, committed=2000)
                            (mmap: reserved=2000, committed=2000)

-                  Internal (reserved=1000, committed=1000)
                            (malloc=1000 #5)
`;

function untracked(kibibytes: number, replies: Replies = { jcmd: { [command]: report } }) {
  const status = `Name:\tjava\nTgid:\t7\nRssAnon:\t${kibibytes} kB\nRssShmem:\t1 kB\n`;
  return untrackedMemoryCollector.collect(fakeTarget({ proc: { status }, ...replies }), signal);
}

test("what is resident and the JVM did not commit is untracked; its archive of classes is a file", async () => {
  const sample = { metric: untrackedMemory, labels: {}, source: "proc", takenAtMillis };
  expect(await untracked(9)).toEqual({ samples: [{ ...sample, value: 10_240 - 5000 }], missing: [] });
});

test("a heap that was not touched leaves nothing, and never less", async () => {
  expect((await untracked(2)).samples).toMatchObject([{ value: 0 }]);
});

test("without native memory tracking it is missing, with the reason", async () => {
  const off = { [command]: "Native memory tracking is not enabled\n" };
  expect((await untracked(9, { jcmd: off })).missing).toMatchObject([
    { reason: expect.stringContaining("not enabled") },
  ]);
  const forbidden = { [command]: noAnswer("not under this policy", "forbidden") };
  expect((await untracked(9, { jcmd: forbidden })).missing).toMatchObject([{ reason: "not under this policy" }]);
  expect((await untracked(9, { jcmd: { [command]: report }, proc: {} })).samples).toEqual([]);
});
