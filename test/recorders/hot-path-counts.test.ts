import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BackOff } from "../../src/recorders/back-off.ts";
import { continuousQuestions, continuousSettings } from "../../src/recorders/continuous-settings.ts";
import { NamedSums } from "../../src/recorders/named-sums.ts";
import { RecentSeconds } from "../../src/recorders/recent-seconds.ts";
import { RecentShares } from "../../src/recorders/recent-shares.ts";

describe("sums by name", () => {
  test("never fall, have so many series at most, and add up to everything", () => {
    const step = fc.oneof(fc.record({ name: fc.nat(60), value: fc.nat(9) }), fc.constant("read" as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const sums = new NamedSums({ parts: 1, mostShown: 2 });
        const last = new Map<string, number>();
        let total = 0;
        for (const each of [...steps, "read" as const]) {
          if (each !== "read") {
            sums.add([`name ${each.name}`], each.value, 0);
            total += each.value;
            continue;
          }
          const read = sums.read(0);
          expect(read.length).toBeLessThanOrEqual(3);
          expect(read.reduce((sum, { value }) => sum + value, 0)).toBe(total);
          for (const { names, value } of read) {
            expect(value).toBeGreaterThanOrEqual(last.get(names[0]!) ?? 0);
            last.set(names[0]!, value);
          }
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("give a series to the heaviest first, and free that of a name that does not come any more", () => {
    const sums = new NamedSums({ parts: 2, mostShown: 1 });
    sums.add(["park", "a.Lock"], 1, 0);
    sums.add(["monitor", "b.Lock"], 5, 0);
    expect(sums.read(0).map(({ names, value }) => [...names, value])).toEqual([
      ["monitor", "b.Lock", 5],
      ["other", "other", 1],
    ]);
    sums.add(["park", "a.Lock"], 2, 3_000_000);
    expect(sums.read(3_000_000).map(({ names, value }) => [...names, value])).toEqual([
      ["park", "a.Lock", 2],
      ["other", "other", 1],
    ]);
  });
});

describe("the last minute", () => {
  test("has shares that add up to one, and forgets what is older", () => {
    const shares = new RecentShares(1);
    shares.add(["old", "a.B.c"], 0);
    for (let i = 0; i < 3; i++) shares.add(["pool", "a.B.hot"], 30_000);
    shares.add(["pool", "a.B.rare"], 70_000);
    shares.forgetBefore(70_000);
    expect(shares.read()).toEqual([
      { names: ["pool", "a.B.hot"], value: 0.75, events: 3 },
      { names: ["other", "other"], value: 0.25, events: 1 },
    ]);
    shares.forgetBefore(200_000);
    expect(shares.read()).toEqual([]);
  });

  test("has the 99th percentile of its calls, however many there were before", () => {
    const recent = new RecentSeconds();
    expect(recent.p99(0)).toBeUndefined();
    for (let call = 1; call <= 20_000; call++) recent.add(9, 0);
    for (let call = 1; call <= 200; call++) recent.add(call, 100_000);
    expect(recent.p99(100_000)).toBe(198);
    expect(recent.p99(161_000)).toBeUndefined();
  });

  test("loses no call when the room for them grows", () => {
    const recent = new RecentSeconds();
    for (let call = 1; call <= 3_000; call++) recent.add(call, call);
    expect(recent.p99(3_000)).toBe(2970);
  });
});

describe("a recording that costs too much", () => {
  test("gives way after a minute above its share, longer and more coarsely each time", () => {
    const backOff = new BackOff(0.02);
    expect(backOff.judge(0, 0)).toBeUndefined();
    expect(backOff.judge(3, 30_000)).toBeUndefined();
    expect(backOff.judge(3, 60_000)).toBeCloseTo(0.05);
    expect(backOff.giveWay(60_000)).toBe(660_000);
    expect(backOff.coarseness).toBe(1);
    expect(backOff.judge(3, 660_000)).toBeUndefined();
    expect(backOff.judge(4, 720_000)).toBeUndefined();
    expect(backOff.giveWay(720_000)).toBe(720_000 + 1_200_000);
    expect(backOff.coarseness).toBe(2);
  });

  test("says nothing where the cost cannot be seen", () => {
    expect(new BackOff(0.02).judge(undefined, 0)).toBeUndefined();
  });
});

describe("settings of a continuous recording", () => {
  test("name nothing private, and no event for a question that was not asked", () => {
    const all = continuousSettings({ questions: continuousQuestions, javaMajor: 25, coarseness: 0 });
    expect(all).not.toMatch(/Environment|SystemProperty|SystemProcess|StringFlag/);
    const cpu = continuousSettings({ questions: ["cpu"], javaMajor: 25, coarseness: 0 });
    expect(cpu).toContain(
      '<event name="jdk.ExecutionSample"><setting name="enabled">true</setting><setting name="period">20 ms',
    );
    expect(cpu).not.toMatch(/FileForce|JavaMonitor|ObjectAllocation/);
  });

  test("are coarser after each step back, and throttle only where the JDK can", () => {
    const settings = (javaMajor: number, coarseness: number) =>
      continuousSettings({ questions: ["cpu", "io"], javaMajor, coarseness });
    expect(settings(17, 0)).not.toContain("throttle");
    expect(settings(25, 0)).toContain('<setting name="throttle">100/s');
    expect(settings(25, 2)).toContain('<setting name="period">80 ms');
    expect(settings(25, 2)).toContain('<setting name="throttle">25/s');
    expect(settings(25, 1)).toMatch(/jdk\.FileForce.*<setting name="threshold">5 ms/);
  });
});
