import { expect, test } from "vitest";
import { nativeMemoryCollector } from "../../collectors/native-memory.ts";
import { nativeMemory17 } from "../formats/jcmd/replies.ts";
import { fakeTarget, noAnswer, takenAtMillis } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();
const command = "VM.native_memory summary scale=b";

test("each category is told, and what it has committed is its malloc and its mmap", async () => {
  const collection = await nativeMemoryCollector.collect(fakeTarget({ jcmd: { [command]: nativeMemory17 } }), signal);
  expect(collection.missing).toEqual([]);
  expect(sampleLines(collection).filter((line) => /"(?:Thread|Native Memory Tracking)"/.test(line))).toEqual([
    'jprof.nmt.committed{jprof.nmt.category="Native Memory Tracking"} 92480',
    'jprof.nmt.committed{jprof.nmt.category="Thread"} 817952',
    'jprof.nmt.malloc{jprof.nmt.category="Native Memory Tracking"} 92480',
    'jprof.nmt.malloc{jprof.nmt.category="Thread"} 39712',
    'jprof.nmt.mmap{jprof.nmt.category="Native Memory Tracking"} 0',
    'jprof.nmt.mmap{jprof.nmt.category="Thread"} 778240',
    'jprof.nmt.reserved{jprof.nmt.category="Native Memory Tracking"} 92480',
    'jprof.nmt.reserved{jprof.nmt.category="Thread"} 14719776',
  ]);
  expect(collection.samples[0]).toMatchObject({ source: "attach", takenAtMillis });
});

test("where it is off, or is not answered, the reason is told", async () => {
  const reasonOf = async (reply: string | ReturnType<typeof noAnswer>) => {
    const { samples, missing } = await nativeMemoryCollector.collect(
      fakeTarget({ jcmd: { [command]: reply } }),
      signal,
    );
    expect(samples).toEqual([]);
    expect(missing[0]?.metrics).toEqual(nativeMemoryCollector.metrics.map(({ name }) => name));
    return missing[0]?.reason;
  };
  expect(await reasonOf("Native memory tracking is not enabled\n")).toBe(
    "Native memory tracking is not enabled; it takes -XX:NativeMemoryTracking=summary at the JVM's start to turn it on",
  );
  expect(await reasonOf(noAnswer("attach is disabled", "denied"))).toBe("attach is disabled");
  expect(await reasonOf("java.lang.IllegalArgumentException: Unknown diagnostic command\n")).toContain("got an error");
});
