import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { significantSlope } from "../../src/model/robust-trend.ts";
import { type Curve, noiseOf } from "../collectors/derived/drawn-window.ts";

const minutes = 30;
const span = minutes * 60;

function slopeOf(curve: Curve, everySeconds = 10, length = span): number | undefined {
  const times = Array.from({ length: length / everySeconds + 1 }, (_, index) => index * everySeconds);
  const points = times.flatMap((at) => {
    const value = curve(at);
    return value === undefined ? [] : [[at, value] as const];
  });
  const seconds = points.map(([at]) => at);
  return significantSlope({ seconds, values: points.map(([, value]) => value) }, 240);
}

/** Share of 200 noisy drawings of a curve in which a trend was seen. */
function shareSeen(curveOf: (noise: () => number) => Curve): number {
  const seen = Array.from({ length: 200 }, (_, seed) => slopeOf(curveOf(noiseOf(seed + 1))));
  return seen.filter((slope) => slope !== undefined).length / seen.length;
}

describe("a trend is seen", () => {
  test("of a line, exactly", () => {
    expect(slopeOf((at) => 100 + 3 * at)).toBeCloseTo(3, 9);
    expect(slopeOf((at) => 100 - 3 * at)).toBeCloseTo(-3, 9);
  });

  test("of a leak below a sawtooth, by its floor", () => {
    const slope = slopeOf((at) => 2 * at + 900 * ((at % 97) / 97));
    expect(Math.abs(slope! / 2 - 1)).toBeLessThan(0.15);
  });

  test("across gaps, and whatever some wrong points say", () => {
    expect(slopeOf((at) => (at > 500 && at < 800 ? undefined : 5 * at))).toBeCloseTo(5, 9);
    expect(slopeOf((at) => (at === 900 ? -1e9 : at === 300 ? Number.NaN : 5 * at))).toBeCloseTo(5, 1);
  });

  test("in nearly every noise that is an eighth of the rise", () => {
    expect(shareSeen((noise) => (at) => (8 * at) / span + noise())).toBeGreaterThan(0.8);
    expect(shareSeen((noise) => (at) => (20 * at) / span + noise())).toBe(1);
  });
});

describe("no trend is seen", () => {
  test.each<readonly [string, Curve]>([
    ["a constant", () => 7],
    ["a step", (at) => (at < 700 ? 100 : 200)],
    ["two steps", (at) => (at < 600 ? 100 : at < 1300 ? 200 : 300)],
    ["a warm-up that ends", (at) => Math.min(at, 600)],
    ["a warm-up that levels off", (at) => 100 * (1 - Math.exp(-at / 300))],
    ["a restart in a steady state", (at) => (at < 900 ? 500 : 100)],
    ["a restart in the middle of a leak", (at) => (at < 900 ? 500 + at : at - 800)],
    ["a fast sawtooth", (at) => at % 90],
    ["a slow sawtooth", (at) => at % 600],
  ])("in %s", (_, curve) => {
    expect(slopeOf(curve)).toBeUndefined();
  });

  test("in most noises, also those that wander", () => {
    expect(shareSeen((noise) => () => noise())).toBeLessThan(0.02);
    expect(
      shareSeen((noise) => {
        let state = 0;
        return () => {
          state = 0.9 * state + noise();
          return state;
        };
      }),
    ).toBeLessThan(0.03);
  });

  test("in most sawtooths of any period that is shorter than two thirds of the time", () => {
    for (const period of [25, 110, 250, 420, 777, 1200]) {
      expect(shareSeen((noise) => (at) => 20 * (((at + period / 3) % period) / period) + noise())).toBeLessThan(0.03);
    }
  });

  test("in too little", () => {
    expect(significantSlope({ seconds: [], values: [] }, 240)).toBeUndefined();
    expect(significantSlope({ seconds: [1], values: [1] }, 0)).toBeUndefined();
    expect(slopeOf((at) => at, 10, 230)).toBeUndefined();
    expect(slopeOf((at) => at, 60, 600)).toBeUndefined();
    expect(slopeOf((at) => (at % 300 === 0 ? at : undefined))).toBeUndefined();
  });
});

test("the slope scales with the values and the time, and does not move with either", () => {
  const inputs = fc.record({
    seed: fc.nat(1e6),
    rise: fc.integer({ min: -40, max: 40 }),
    factor: fc.integer({ min: 1, max: 1 << 20 }),
    shift: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
    later: fc.integer({ min: 0, max: 2 ** 30 }),
    stretch: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(
    fc.property(inputs, ({ seed, rise, factor, shift, later, stretch }) => {
      const noise = noiseOf(seed);
      const seconds = Array.from({ length: 100 }, (_, index) => index * 10);
      const values = seconds.map((at) => Math.round(((rise * at) / 1000 + noise()) * 1024));
      const slope = significantSlope({ seconds, values }, 240);
      const moved = significantSlope(
        {
          seconds: seconds.map((at) => at * stretch + later),
          values: values.map((value) => value * factor + shift),
        },
        240,
      );
      if (slope === undefined) expect(moved).toBeUndefined();
      else expect(moved! / ((slope * factor) / stretch)).toBeCloseTo(1, 9);
    }),
    { seed: 4, numRuns: 200 },
  );
});
