import { describe, expect, test } from "vitest";
import { CounterMovement } from "../../src/jvm/counter-movement.ts";
import { livenessOf, type SignsOfLife } from "../../src/jvm/liveness.ts";
import type { TierStatus } from "../../src/model/jvm-source.ts";

const since = 1_000;
const attach = (state: TierStatus["state"], lastOkMillis?: number): TierStatus => {
  return { tier: "attach", state, detail: "no answer in 5 s", lastOkMillis };
};
const of = (signs: Partial<SignsOfLife>) => {
  return livenessOf({ processState: "S", requests: [], counters: undefined, ...signs }, since);
};
const still = { movedAtMillis: 10, sampledAtMillis: undefined };

describe("a JVM is up", () => {
  test.each([
    ["that answered a request", { requests: [attach("ok", 1_500)] }, "it answered by attach"],
    [
      "whose counters change, though its listener is busy",
      { requests: [attach("suspended", 10)], counters: { ...still, movedAtMillis: 1_500 } },
      "its perf counters change",
    ],
    [
      "that is sampled, and cannot be asked",
      { requests: [attach("denied")], counters: { movedAtMillis: undefined, sampledAtMillis: 1_500 } },
      "its perf counters are sampled",
    ],
    ["of JDK 25 that is idle, and cannot be asked", { counters: still }, "as in a JVM that is idle"],
    ["of which only the process can be seen", { requests: [attach("absent")] }, "it cannot be asked itself"],
  ])("%s", (_what, signs, reason) => {
    expect(of(signs)).toEqual({ isUp: true, reason: expect.stringContaining(reason) });
  });
});

describe("a JVM is down", () => {
  test.each([
    [
      "whose process is stopped, whatever it did before",
      { processState: "T", requests: [attach("ok", 1_500)], counters: { ...still, movedAtMillis: 1_500 } },
      "is stopped",
    ],
    [
      "that is silent while only its sampler goes on, as at a safepoint that is never reached",
      { requests: [attach("suspended", 900)], counters: { movedAtMillis: 900, sampledAtMillis: 1_500 } },
      "does not answer by attach: no answer in 5 s",
    ],
    ["whose sampler stands still", { counters: { movedAtMillis: 900, sampledAtMillis: 900 } }, "not sampled any more"],
    ["of which nothing can be seen", { processState: undefined }, "neither its process nor its perf counters"],
  ])("%s", (_what, signs, reason) => {
    expect(of(signs)).toEqual({ isUp: false, reason: expect.stringContaining(reason) });
  });
});

describe("counters", () => {
  const bytes = (clock: number, other: number) =>
    new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, clock, 0, 0, 0, 0, 0, 0, 0, other]);

  test("move when any but the sampler's clock changes", () => {
    const movement = new CounterMovement();
    movement.note(bytes(1, 1), 8, 100);
    movement.note(bytes(2, 1), 8, 200);
    expect(movement.moves).toEqual({ movedAtMillis: undefined, sampledAtMillis: 200 });
    movement.note(bytes(2, 2), 8, 300);
    expect(movement.moves).toEqual({ movedAtMillis: 300, sampledAtMillis: 200 });
  });

  test("without a sampler are never sampled", () => {
    const movement = new CounterMovement();
    movement.note(bytes(1, 1), undefined, 100);
    movement.note(bytes(2, 1), undefined, 200);
    expect(movement.moves).toEqual({ movedAtMillis: 200, sampledAtMillis: undefined });
  });
});
