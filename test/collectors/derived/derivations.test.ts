import { describe, expect, test } from "vitest";
import { containerTrend } from "../../../collectors/derived/container-trend.ts";
import { heapTrend } from "../../../collectors/derived/heap-trend.ts";
import { rates } from "../../../collectors/derived/rates.ts";
import type { Derivation } from "../../../src/model/sample-window.ts";
import { type Curve, type Drawing, drawnWindow, windowBegan } from "./drawn-window.ts";

const mebibyte = 2 ** 20;

/** What a derivation tells of a window, by the metric's name. */
function told(derivation: Derivation, drawing: Drawing): Readonly<Record<string, number>> {
  const samples = derivation.derive(drawnWindow(drawing), (windowBegan + drawing.minutes * 60) * 1000);
  for (const { metric, source, value } of samples) {
    expect(derivation.metrics).toContain(metric);
    expect(source).toBe("jprof");
    expect(Number.isFinite(value)).toBe(true);
  }
  return Object.fromEntries(samples.map(({ metric, value }) => [metric.name, value]));
}

function collections(action: string, curve: Curve, gc = "G1 Old Generation", kind = "pause") {
  const labels = { "jvm.gc.name": gc, "jvm.gc.action": action, "jprof.gc.kind": kind };
  return { name: "jvm.gc.duration", labels, curve };
}

/** A sum that grows by a tenth of a second with each period. */
const each = (periodSeconds: number, first = 0): Curve => {
  return (at) => (at < first ? undefined : 0.1 * (1 + Math.floor((at - first) / periodSeconds)));
};

describe("the live heap", () => {
  const leak: Curve = (at) => mebibyte * (100 + at / 10);
  const limit: Curve = () => mebibyte * 1000;

  test("that leaks is full when its slope says so", () => {
    const { "jprof.heap.live.slope": slope, "jprof.heap.time_to_full": left } = told(heapTrend, {
      minutes: 20,
      curves: { "jprof.heap.live": leak, "jprof.heap.limit": limit },
    });
    expect(slope! / mebibyte).toBeCloseTo(0.1, 9);
    expect(left).toBeCloseTo((1000 - 220) / 0.1, 3);
  });

  test("that shrinks, or has no limit, is never full", () => {
    const shrinking = { "jprof.heap.live": (at: number) => 1e9 - leak(at)!, "jprof.heap.limit": limit };
    expect(Object.keys(told(heapTrend, { minutes: 20, curves: shrinking }))).toEqual(["jprof.heap.live.slope"]);
    const unlimited = told(heapTrend, { minutes: 20, curves: { "jprof.heap.live": leak } });
    expect(Object.keys(unlimited)).toEqual(["jprof.heap.live.slope"]);
  });

  test("that is over its limit is full now", () => {
    const curves = { "jprof.heap.live": leak, "jprof.heap.limit": () => mebibyte * 50 };
    expect(told(heapTrend, { minutes: 20, curves })["jprof.heap.time_to_full"]).toBe(0);
  });

  test("is judged from a minute after the start on", () => {
    const curves = {
      "jprof.heap.live": (at: number) => (at < 50 ? 0 : leak(at)),
      "process.uptime": (at: number) => at,
    };
    expect(told(heapTrend, { minutes: 4, curves })).toEqual({});
    expect(told(heapTrend, { minutes: 6, curves })["jprof.heap.live.slope"]).toBeCloseTo(0.1 * mebibyte, 3);
  });

  test("seems to leak while only young collections run, and is not judged", () => {
    const curves = { "jprof.heap.live": leak };
    const young = collections("end of minor GC", each(20), "G1 Young Generation");
    const minor = collections("end of GC pause", each(50), "ZGC Minor Pauses");
    expect(told(heapTrend, { minutes: 20, curves, labelled: [young] })).toEqual({});
    expect(told(heapTrend, { minutes: 20, curves, labelled: [young, minor] })).toEqual({});
    const old = collections("end of major GC", each(200));
    expect(told(heapTrend, { minutes: 20, curves, labelled: [young, old] })["jprof.heap.live.slope"]).toBeDefined();
  });

  test("is not judged by old collections of the start alone", () => {
    const old = collections("end of concurrent GC pause", (at) => Math.min(at / 100, 2), "G1 Concurrent GC");
    expect(told(heapTrend, { minutes: 20, curves: { "jprof.heap.live": leak }, labelled: [old] })).toEqual({});
  });

  test("tells nothing of a window without it", () => {
    expect(told(heapTrend, { minutes: 20, curves: {} })).toEqual({});
  });
});

describe("the container", () => {
  const memory = "jprof.container.memory.unreclaimable";
  const limited = { "jprof.container.memory.limit": () => 1000 };
  const growing: Curve = (at) => 400 + at / 10;

  test("that grows is killed when its slope says so", () => {
    const result = told(containerTrend, { minutes: 20, curves: { [memory]: growing, ...limited } });
    expect(result["jprof.container.memory.slope"]).toBeCloseTo(0.1, 9);
    expect(result["jprof.container.memory.time_to_limit"]).toBeCloseTo((1000 - 520) / 0.1, 6);
  });

  test("without a limit is never killed", () => {
    expect(Object.keys(told(containerTrend, { minutes: 20, curves: { [memory]: growing } }))).toEqual([
      "jprof.container.memory.slope",
    ]);
  });

  test("is safe when it grows by the heap alone, which cannot grow that far", () => {
    const heap = { "jprof.heap.used": (at: number) => 300 + at / 10 - (at % 30), "jprof.heap.limit": () => 600 };
    const curves = { [memory]: growing, ...limited, ...heap };
    expect(Object.keys(told(containerTrend, { minutes: 20, curves }))).toEqual(["jprof.container.memory.slope"]);
    const bigger = { ...curves, "jprof.heap.limit": () => 950 };
    expect(told(containerTrend, { minutes: 20, curves: bigger })["jprof.container.memory.time_to_limit"]).toBeDefined();
  });

  test("is not safe when it grows beside the heap", () => {
    const heap = { "jprof.heap.used": (at: number) => 300 - (at % 30), "jprof.heap.limit": () => 350 };
    const curves = { [memory]: growing, ...limited, ...heap };
    expect(told(containerTrend, { minutes: 20, curves })["jprof.container.memory.time_to_limit"]).toBeDefined();
  });

  test("that is steady tells nothing", () => {
    expect(told(containerTrend, { minutes: 20, curves: { [memory]: () => 400, ...limited } })).toEqual({});
  });
});

describe("the use of CPUs", () => {
  const curves = { "jvm.cpu.count": () => 4, "jvm.cpu.time": (at: number) => at };

  test("is the share of the last minute", () => {
    expect(told(rates, { minutes: 5, curves })).toEqual({ "jvm.cpu.recent_utilization": 0.25 });
    const late = { ...curves, "jvm.cpu.time": (at: number) => Math.max(at - 270, 0) * 4 };
    expect(told(rates, { minutes: 5, curves: late })).toEqual({ "jvm.cpu.recent_utilization": 0.5 });
  });

  test("is at most all of them, and survives a count that began anew", () => {
    const anew = (at: number) => (at < 270 ? 1000 + at : at - 270);
    expect(told(rates, { minutes: 5, curves: { ...curves, "jvm.cpu.time": anew } })).toEqual({
      "jvm.cpu.recent_utilization": 50 / 60 / 4,
    });
    const many = { ...curves, "jvm.cpu.time": (at: number) => at * 5 };
    expect(told(rates, { minutes: 5, curves: many })).toEqual({ "jvm.cpu.recent_utilization": 1 });
  });

  test("is not told of one poll, or without the number of CPUs", () => {
    expect(told(rates, { minutes: 0, curves })).toEqual({});
    expect(told(rates, { minutes: 5, curves: { "jvm.cpu.time": (at: number) => at } })).toEqual({});
  });
});

describe("the overhead of collections", () => {
  const watched = { "jprof.gc.events.lost": () => 0 };
  const young = (curve: Curve) => collections("end of minor GC", curve, "G1 Young Generation");

  test("is the share of the last five minutes in which the program was stopped", () => {
    const labelled = [
      young((at) => 7 + at / 10),
      collections("end of major GC", (at) => 3 + at / 20),
      collections("end of GC cycle", (at) => at, "ZGC Cycles", "concurrent"),
    ];
    expect(told(rates, { minutes: 20, curves: watched, labelled })["jprof.gc.overhead"]).toBeCloseTo(0.15, 9);
  });

  test("counts the first collection of its kind, that began after the window", () => {
    const labelled = [young((at) => (at < 1000 ? undefined : 30))];
    expect(told(rates, { minutes: 20, curves: watched, labelled })).toEqual({ "jprof.gc.overhead": 0.1 });
  });

  test("is 0 without collections, and unknown where they are not watched", () => {
    expect(told(rates, { minutes: 20, curves: watched })).toEqual({ "jprof.gc.overhead": 0 });
    expect(told(rates, { minutes: 20, curves: {}, labelled: [young((at) => at)] })).toEqual({});
  });
});
