import { describe, expect, test } from "vitest";
import { gcActivitySource } from "../../src/jvm/gc-activity.ts";
import { oncePerSignal } from "../../src/jvm/once-per-signal.ts";
import type { Answer } from "../../src/model/answer.ts";
import { drawnProcess } from "./perf-file.ts";
import { collector, watched } from "./watched.ts";

const signal = new AbortController().signal;
const g1 = { "sun.gc.policy.name": "GarbageFirst", "sun.gc.cause": "No GC" };
const zgc = {
  ...collector(2, "Z concurrent cycle pauses", [3, 1_000, 10, 20]),
  "sun.gc.cause": "No GC",
  "sun.gc.lastCause": "Proactive",
};

/** A JVM that answers `VM.events` with one cycle of ZGC more each time. */
function askedFor(commands: string[]): (command: string) => Promise<Answer<string>> {
  return async (command) => {
    commands.push(command);
    const lines = commands.flatMap((_, index) => [
      `Event: ${index + 1}.000 {heap Before GC invocations=${index} (full ${index}):`,
      " ZHeap           used 40M, capacity 64M, max capacity 64M",
      "}",
      `Event: ${index + 1}.250 {heap After GC invocations=${index + 1} (full ${index + 1}):`,
      " ZHeap           used 20M, capacity 64M, max capacity 64M",
      "}",
    ]);
    const value = ["GC Heap Usage History (2 events):", ...lines, ""].join("\n");
    return { ok: true, value, source: "attach", takenAtMillis: 1 };
  };
}

describe("what the collector of a JVM did", () => {
  test("is told by counters alone where they tell all of it", async () => {
    const { source: counters } = watched(g1);
    const commands: string[] = [];
    const answer = await gcActivitySource({ counters, ask: askedFor(commands) }).activity(signal);
    expect(answer).toMatchObject({ ok: true, source: "perf-counters" });
    expect(commands).toEqual([]);
  });

  test("is completed by events with ZGC: its cycles, and what they left in use", async () => {
    const { source: counters } = watched(zgc);
    const { activity } = gcActivitySource({ counters, ask: askedFor([]) });
    await activity(signal);
    const answer = await activity(signal);
    expect(answer.ok && answer.value.events).toMatchObject([
      { name: "ZGC Cycles", kind: "concurrent", durationSeconds: 0.25 },
    ]);
    expect(answer.ok && answer.value.usedAfterGc.get("heap")).toBe(20 << 20);
  });

  test("is told without them where the JVM may not be asked", async () => {
    const { source: counters } = watched(zgc);
    const refuse = async (): Promise<Answer<string>> => ({ ok: false, code: "forbidden", reason: "not allowed" });
    const answer = await gcActivitySource({ counters, ask: refuse }).activity(signal);
    expect(answer.ok && answer.value.usedAfterGc.size).toBe(0);
  });

  test("is told by events without counters, and the reasons of both where neither answers", async () => {
    const counters = drawnProcess().open();
    const { activity } = gcActivitySource({ counters, ask: askedFor([]) });
    expect(await activity(signal)).toMatchObject({ ok: true, source: "attach" });
    const other = { ok: true, value: "Unknown diagnostic command", source: "attach", takenAtMillis: 1 } as const;
    const neither = await gcActivitySource({ counters, ask: async () => other }).activity(signal);
    expect(neither).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/no file hsperfdata.*its own events: expected the reply to VM.events/),
    });
  });
});

test("A question that uses up its answer is asked once for all with one signal", async () => {
  let asked = 0;
  const ask = oncePerSignal(async () => ++asked);
  const [one, other] = [new AbortController().signal, new AbortController().signal];
  expect(await Promise.all([ask(one), ask(one), ask(other)])).toEqual([1, 1, 2]);
});
