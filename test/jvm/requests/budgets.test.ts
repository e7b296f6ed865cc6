import { describe, expect, test } from "vitest";
import { failure, passingFailure } from "../../../src/jvm/attach/outcome.ts";
import { Allowance } from "../../../src/jvm/requests/allowance.ts";
import { CircuitBreaker } from "../../../src/jvm/requests/circuit-breaker.ts";
import { StopPredictor } from "../../../src/jvm/requests/stop-predictor.ts";
import { UsageCounts } from "../../../src/jvm/requests/usage-counts.ts";

describe("an allowance", () => {
  test("is full, is spent, and comes back evenly", () => {
    const allowance = new Allowance(10, 0.001, 0);
    expect(allowance.left(0)).toBe(10);
    allowance.spend(12, 0);
    expect(allowance.left(0)).toBe(-2);
    expect(allowance.left(3000)).toBeCloseTo(1);
    expect(allowance.left(1e9)).toBe(10);
  });

  test("does not come back when the clock goes backwards", () => {
    const allowance = new Allowance(10, 0.001, 5000);
    allowance.spend(10, 5000);
    expect(allowance.left(0)).toBe(0);
    expect(allowance.left(1000)).toBeCloseTo(1);
  });
});

describe("the breaker", () => {
  test("leaves a JVM alone for twice as long after each failure, up to a limit, and forgets them when it answers", () => {
    const breaker = new CircuitBreaker({ suspendMillis: 1000, maxSuspendMillis: 3000 });
    const openFor = (nowMillis: number) => {
      breaker.fail(failure("timeout", "slow"), nowMillis);
      for (let millis = 0; ; millis += 500) if (breaker.whyOpen(nowMillis + millis) === undefined) return millis;
    };
    expect([openFor(0), openFor(10_000), openFor(20_000), openFor(30_000)]).toEqual([1000, 2000, 3000, 3000]);
    breaker.succeed(40_000);
    expect(openFor(50_000)).toBe(1000);
  });

  test("tells how the JVM is doing", () => {
    const breaker = new CircuitBreaker({ suspendMillis: 1000, maxSuspendMillis: 3000 });
    expect(breaker.status(0)).toEqual({ tier: "attach", state: "unknown", detail: "", lastOkMillis: undefined });
    breaker.succeed(5);
    expect(breaker.status(5)).toEqual({ tier: "attach", state: "ok", detail: "", lastOkMillis: 5 });
    breaker.fail(failure("timeout", "slow"), 10);
    expect(breaker.status(10)).toEqual({
      tier: "attach",
      state: "suspended",
      detail: "slow; not asked again for 1 s",
      lastOkMillis: 5,
    });
    expect(breaker.status(1010)).toMatchObject({ state: "failing", detail: "slow" });
    expect(breaker.isOnTrial()).toBe(true);
    breaker.fail(failure("denied", "another user"), 1010);
    expect(breaker.status(1010).state).toBe("denied");
  });

  test("stays closed for what passes by itself", () => {
    const breaker = new CircuitBreaker({ suspendMillis: 1000, maxSuspendMillis: 3000 });
    breaker.fail(passingFailure("failed", "too young"), 0);
    expect(breaker.whyOpen(0)).toBeUndefined();
    expect(breaker.status(0)).toMatchObject({ state: "failing", detail: "too young" });
  });
});

describe("a stop", () => {
  const size = { heapBytes: 2e9, threads: 500 };

  test("is expected as it was measured elsewhere, until it was measured here", () => {
    const predictor = new StopPredictor("G1");
    const histogram = (bytes: number) =>
      predictor.predictSeconds("GC.class_histogram -all", "heap", { ...size, heapBytes: bytes });
    expect(histogram(2e9)).toBeCloseTo(3.01);
    predictor.learn("GC.class_histogram -all", "heap", size, 1.505);
    expect(histogram(2e9)).toBeCloseTo(1.505);
    expect(histogram(4e9)).toBeCloseTo(3.005);
    expect(predictor.predictSeconds("Thread.print", "threads", size)).toBeCloseTo(0.105);
  });

  test("is expected to be as long as the longest of the last few", () => {
    const predictor = new StopPredictor("G1");
    for (const seconds of [9, 1, 1, 2, 1]) predictor.learn("c", "heap", size, seconds);
    expect(predictor.predictSeconds("c", "heap", size)).toBeCloseTo(9);
    predictor.learn("c", "heap", size, 1);
    expect(predictor.predictSeconds("c", "heap", size)).toBeCloseTo(2);
  });

  test("is longer with a collector whose loads have barriers, and longest for a dump", () => {
    const seconds = (["none", "delay", "classes", "threads", "heap", "collection", "dump"] as const).map((stop) =>
      Number(new StopPredictor("ZGC").predictSeconds("c", stop, size).toFixed(2)),
    );
    expect(seconds).toEqual([0, 0.1, 0.05, 0.11, 7.01, 7.05, 12.1]);
  });
});

test("names of commands that callers make up do not fill memory", () => {
  const counts = new UsageCounts();
  for (let index = 0; index < 10_000; index++) counts.add(`VM.c${index}`, "refused", 0, 0);
  expect(counts.all().length).toBeLessThan(250);
  expect(counts.all().reduce((sum, { requests }) => sum + requests, 0)).toBe(10_000);
});
