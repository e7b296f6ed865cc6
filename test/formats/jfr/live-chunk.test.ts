import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { memorySource, openFile } from "../../../src/bytes/byte-source.ts";
import type { Chunk } from "../../../src/formats/jfr/events.ts";
import { LiveChunk } from "../../../src/formats/jfr/live-chunk.ts";
import { readEvents } from "../../../src/formats/jfr/read-events.ts";
import { compileJava, someJdk, startJvm } from "../../jdk.ts";
import { commonTypes, eventType, writeRecording } from "../../jfr-writer.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-live-"));
afterAll(() => rmSync(folder, { recursive: true }));

const first = eventType("test.First", [{ name: "state", type: "jdk.types.ThreadState", isConstant: true }]);
const second = eventType("test.Second", [
  { name: "state", type: "jdk.types.ThreadState", isConstant: true },
  { name: "path", type: "java.lang.String" },
]);

test("each poll gives what was flushed since, with the constants of all flushes before", () => {
  const event = (type: string, state: number) => ({
    event: { type, values: { startTime: 5, state, path: `/${state}` } },
  });
  const parts = [
    event("test.First", 1),
    { checkpoint: { "jdk.types.ThreadState": [[1, "ONE"]] } as never },
    { metadata: [...commonTypes, first] },
    event("test.First", 1),
    event("test.Second", 2),
    event("test.Second", 1),
    { checkpoint: { "jdk.types.ThreadState": [[2, "TWO"]] } as never },
    { metadata: [...commonTypes, first, second] },
  ];
  const types = [...commonTypes, first, second];
  const whole = writeRecording({ types, parts });
  const flushed = writeRecording({ types, parts: parts.slice(0, 3) }).length;
  const seen: string[] = [];
  const live = new LiveChunk({
    sinkOf: (type, chunk) => (slots) =>
      seen.push(
        type.fields
          .slice(1)
          .map((field) => chunk.text(field, slots[field.slot]!))
          .join(" "),
      ),
  });
  const poll = (size: number, state: number) => {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setBigInt64(8, BigInt(size));
    bytes[64] = state;
    seen.length = 0;
    return live.poll(memorySource("live.jfr", bytes));
  };
  expect(poll(flushed, 255)).toBeUndefined();
  expect(poll(0, 1)).toBeUndefined();
  expect(poll(flushed, 1)).toMatchObject({ bytes: flushed - 68, isFinished: false, losses: [], lostEvents: 0 });
  expect(seen).toEqual(["ONE"]);
  expect(poll(flushed, 1)).toMatchObject({ bytes: 0, isFinished: false });
  expect(seen).toEqual([]);
  expect(poll(whole.length, 0)).toMatchObject({ isFinished: true, losses: [], lostEvents: 0 });
  expect(seen).toEqual(["ONE", "TWO /2", "ONE /1"]);
});

const jdk = someJdk(17);

test.skipIf(jdk === undefined)(
  "a JVM's repository is read while it is written, event by event",
  { timeout: 90_000 },
  async () => {
    const classPath = await compileJava(jdk!, join(import.meta.dirname, "../../../fixtures/idle/Idle.java"));
    const flags = [
      "-Xmx64m",
      "-XX:StartFlightRecording:settings=profile",
      `-XX:FlightRecorderOptions:repository=${folder}`,
    ];
    const jvm = await startJvm(jdk!, { classPath, mainClass: "Idle", flags });
    const seen = new Map<string, number>();
    let stacks = 0;
    const live = new LiveChunk({
      sinkOf: (type, chunk) => (slots) => {
        seen.set(type.name, (seen.get(type.name) ?? 0) + 1);
        const field = type.fields.find(({ content }) => content === "stack");
        const stack = field === undefined ? -1 : slots[field.slot]!;
        if (stack >= 0) stacks += framesOf(chunk, stack);
      },
    });
    try {
      let polls = 0;
      for (let i = 0; i < 40 && polls < 4; i++) {
        await sleep(250);
        const segment = pollOnce(live);
        if (segment === undefined || segment.bytes === 0) continue;
        expect(segment).toMatchObject({ losses: [], lostEvents: 0 });
        polls++;
      }
      expect(polls).toBeGreaterThan(1);
      await jvm.jcmd("JFR.stop", "name=1", `filename=${join(folder, "whole.jfr")}`);
      expect(stacks).toBeGreaterThan(0);
      const whole = openFile(join(folder, "whole.jfr"));
      const { eventCounts } = readEvents(whole, { sinkOf: () => undefined });
      whole.close();
      for (const [type, count] of seen) expect(count).toBeLessThanOrEqual(eventCounts.get(type) ?? 0);
      expect(seen.get("jdk.ActiveSetting")).toBe(eventCounts.get("jdk.ActiveSetting"));
    } finally {
      await jvm.stop();
    }
  },
);

function framesOf({ stacks }: Chunk, stack: number): number {
  return stacks.read(stack).count;
}

function pollOnce(live: LiveChunk) {
  const [file] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\d\.jfr$/.test(name));
  if (file === undefined) return undefined;
  const source = openFile(join(folder, file));
  try {
    return live.poll(source);
  } finally {
    source.close();
  }
}
