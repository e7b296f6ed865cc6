import fc from "fast-check";
import { expect, test } from "vitest";
import { pagePayload } from "../../../src/reports/page-payload.ts";
import { parsePageData } from "../../../src/reports/pages/page-data.ts";
import { VarintReader } from "../../../src/reports/pages/varint-reader.ts";
import { VarintWriter } from "../../../src/reports/varint-writer.ts";
import { profileOf } from "../../stacks/profile-of.ts";
import { pageDataOf, pathOfStack, setOf, threadOf } from "./page-data-of.ts";

const drawnSamples = fc.array(
  fc.record({
    frames: fc.array(fc.constantFrom("a.A.x", "b.B.y", "c.C.z", "d", "e::f"), { minLength: 1, maxLength: 6 }),
    weight: fc.integer({ min: 1, max: 1e6 }),
    seconds: fc.double({ min: 0, max: 100, noNaN: true }),
    thread: fc.integer({ min: -1, max: 2 }),
    label: fc.integer({ min: -1, max: 1 }),
  }),
  { minLength: 1, maxLength: 60 },
);

test("numbers survive the way through varints, up to 2^52", () => {
  const numbers = fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }));
  fc.assert(
    fc.property(numbers, fc.string(), (values, text) => {
      const writer = new VarintWriter();
      writer.text(text.toWellFormed());
      for (const value of values) writer.signed(value);
      const reader = new VarintReader(writer.bytes());
      expect(reader.text()).toBe(text.toWellFormed());
      expect(values.map(() => reader.signed())).toEqual(values);
      expect(() => reader.unsigned()).toThrow("expected a number, got the end");
    }),
    { seed: 1 },
  );
});

test("a page's rows add up to the samples that they are made of", async () => {
  await fc.assert(
    fc.asyncProperty(drawnSamples, async (drawn) => {
      const samples = drawn.toSorted((a, b) => a.seconds - b.seconds);
      const profile = profileOf(samples.map(({ frames, weight }) => `${frames.join(" ")} ${weight}`).join("\n"), {
        sampleSeconds: Float64Array.from(samples, ({ seconds }) => seconds),
        sampleThread: Int32Array.from(samples, ({ thread }) => thread),
        sampleLabel: Int32Array.from(samples, ({ label }) => label),
        labels: ["byte[]", "int[]"],
      });
      const threads = [threadOf("io-1", "io-*"), threadOf("io-2", "io-*"), threadOf("main", "main")];
      const data = await pageDataOf(setOf([profile], { threads, durationSeconds: 100 }));
      const { header, profiles } = data;
      const rows = profiles[0]!.sideRows[0]!;
      const found = new Map<string, number>();
      for (let row = 0; row < rows.rows; row++) {
        const thread = header.threads[rows.thread[row]!] ?? "-";
        const pool = header.pools[header.threadPool[rows.thread[row]!]!] ?? "-";
        const label = profiles[0]!.labels[rows.label[row]!] ?? "-";
        const key = `${pathOfStack(data, rows.stack[row]!)} ${thread} ${pool} ${label} ${rows.bucket[row]}`;
        expect(found.has(key)).toBe(false);
        found.set(key, Math.round(rows.weight[row]! * 1000) / 1000);
      }
      const expected = new Map<string, number>();
      for (const { frames, weight, seconds, thread, label } of samples) {
        const name = threads[thread];
        const bucket = Math.floor(seconds / 0.02 + 1e-6);
        const key = `${frames.join(";")} ${name?.name ?? "-"} ${name?.pool ?? "-"} ${["byte[]", "int[]"][label] ?? "-"} ${bucket}`;
        expected.set(key, (expected.get(key) ?? 0) + weight);
      }
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, weight] of expected) expect(Math.abs(found.get(key)! - weight)).toBeLessThan(1000);
      const sum = samples.reduce((total, { weight }) => total + weight, 0);
      expect(rows.weight.reduce((total, weight) => total + weight, 0) / sum).toBeCloseTo(1, 3);
      expect(rows.count.reduce((total, count) => total + count, 0)).toBe(samples.length);
    }),
    { seed: 2, numRuns: 60 },
  );
});

test("weights that are multiples of an interval stay exact", async () => {
  const profile = profileOf("A 0.02, A B 0.06, A C 0.02, D 2", { unit: "seconds" });
  const data = await pageDataOf(setOf([profile]));
  expect([...data.profiles[0]!.sideRows[0]!.weight]).toEqual([0.02, 0.06, 0.02, 2]);
});

test("samples without a stack have one that says so", async () => {
  const data = await pageDataOf(setOf([profileOf("A B 3, - 2")]));
  const { stack } = data.profiles[0]!.sideRows[0]!;
  expect([...stack].map((one) => pathOfStack(data, one)).sort()).toEqual(["(no stack recorded)", "A;B"]);
});

test("a page too large leaves out small stacks, and keeps their weight below their callers", async () => {
  const wide = Array.from({ length: 4000 }, (_, index) => `main work small${index} leaf${index} 1`).join("\n");
  const profile = profileOf(`main work big 100000\n${wide}`);
  const whole = await pageDataOf(setOf([profile]));
  const cut = await pageDataOf(setOf([profile]), undefined, 9_000);
  expect(whole.header.cutShare).toBe(0);
  expect(cut.header.cutShare).toBeGreaterThan(0);
  expect(cut.header.frames).toEqual(["main", "work", "big", "… smaller"]);
  const rows = cut.profiles[0]!.sideRows[0]!;
  expect([...rows.stack].map((stack) => pathOfStack(cut, stack))).toEqual(["main;work;big", "main;work;… smaller"]);
  expect([...rows.weight].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(104_000, 0);
  expect([...cut.mergedStacks]).toEqual([0, 0, 0, 8000]);
});

test("a page that may hold nothing still holds what is large", async () => {
  const data = await pageDataOf(setOf([profileOf("A B 1")]), undefined, 1);
  expect(data.profiles[0]!.sideRows[0]!.rows).toBe(1);
  expect(data.header.onlyPools).toBe(true);
});

test("profiles without samples are left out, and no profiles give no payload", () => {
  const set = setOf([profileOf("")]);
  expect(pagePayload({ after: { name: "x", set } }, 1e6)).toBeUndefined();
});

test("a comparison pairs profiles by kind, event and unit, over names that are the same in both runs", async () => {
  const after = setOf([profileOf("A Foo$$Lambda/0x00007f1c2c0aa000.apply 3"), profileOf("A 1", { event: "other" })]);
  const before = setOf([profileOf("A Foo$$Lambda/0x00007f9999999999.apply 2")]);
  const { header, profiles } = await pageDataOf(after, before);
  expect(header.names).toEqual(["after", "before"]);
  expect(profiles.map(({ event, sides }) => [event, sides.map(({ total }) => total)])).toEqual([["cpu", [3, 2]]]);
  expect(header.frames).toEqual(["A", "Foo$$Lambda.apply"]);
});

test("the lines in which a frame's self weight is come with it, the heaviest first", async () => {
  const profile = profileOf("A B 6, A B 3, A B 1, A 4", { sampleLine: Int32Array.of(10, 11, 12, 0) });
  const { profiles, header } = await pageDataOf(setOf([profile]));
  const frame = header.frames.indexOf("B");
  expect(profiles[0]!.lines).toEqual([frame, 10, 600, frame, 11, 300, frame, 12, 100]);
});

test("a payload that was cut off is refused", () => {
  expect(() => parsePageData(new Uint8Array([5, 123]))).toThrow();
});
