import { describe, expect, test } from "vitest";
import { gcLogAnalyzers } from "../../analyzers/of-gc-logs.ts";
import { utilizationOf } from "../../analyzers/utilization.ts";
import { parseGoal } from "../../src/cli/goal.ts";
import type { AnalysisOptions, Evidence } from "../../src/model/analyzer.ts";
import { gcLogOf, headOfG1, youngOfG1 } from "../gc-log-of.ts";

/** What the analyzers of logs say of a text. */
function resultOf(text: string, options: Partial<AnalysisOptions> = {}) {
  const evidence = { gcLog: gcLogOf(text) } as Evidence;
  const analyses = gcLogAnalyzers.map((one) => one.analyze(evidence, { top: 10, showValues: false, ...options }));
  const findings = analyses.flatMap((analysis) => analysis.findings);
  const sections = analyses.flatMap((analysis) => analysis.sections);
  return {
    findings,
    finding: (key: string) => findings.find((one) => one.key === key),
    data: (name: string) => sections.find((section) => section.name === name)?.data as Record<string, never>,
    sections,
  };
}

function youngs(count: number, one: (id: number) => Partial<Parameters<typeof youngOfG1>[0]> = () => ({})): string {
  return Array.from({ length: count }, (_, id) => youngOfG1({ id, at: 2 + id, ...one(id) })).join("");
}

describe("the rules of recordings judge logs too, under the same names", () => {
  test("a minute of long pauses", () => {
    const { finding } = resultOf(headOfG1 + youngs(60, () => ({ millis: 150 })));
    expect(finding("gc/pause-ratio")).toMatchObject({
      severity: "warning",
      title: "Collections stop the program for 15 % of the worst 1 min from +990 ms, 15 % of all the time",
    });
  });

  test("a full collection with its cause, and the long pause that it is", () => {
    const { finding } = resultOf(
      headOfG1 + youngs(60) + youngOfG1({ id: 60, at: 70, kind: "Full", cause: "G1 Compaction Pause", millis: 6000 }),
    );
    expect(finding("gc/full#outOfMemory")?.title).toContain("1 full collection because the heap was full");
    expect(finding("gc/long-pause")).toMatchObject({ severity: "critical" });
    expect(finding("gc/long-pause")?.title).toContain("6 s at +1 min 4 s (Pause Full, G1 Compaction Pause)");
  });

  test("a live set that grows until the heap is full", () => {
    const mixed = (id: number) => ({ kind: "Young (Mixed)", at: 2 + id * 5, after: 80 + id, before: 300 });
    expect(resultOf(headOfG1 + youngs(200, mixed)).finding("gc/live-set-growing")?.title).toContain(
      "What survives collections grows by 12.0 MiB a minute",
    );
    const steady = (id: number) => ({ ...mixed(id), after: 80 + (id % 7) });
    expect(resultOf(headOfG1 + youngs(200, steady)).finding("gc/live-set-growing")).toBeUndefined();
  });

  test("big objects, with the region that cures them", () => {
    const big =
      "[1.500s][debug][gc,humongous] GC(0) Humongous region 12 (object size 3145744 @ 0x00000000fa000000) remset 0\n";
    const text = headOfG1 + big + youngs(60, (id) => (id % 2 === 0 ? { cause: "G1 Humongous Allocation" } : {}));
    expect(resultOf(text).finding("gc/humongous")).toMatchObject({
      severity: "warning",
      advice: expect.stringContaining("-XX:G1HeapRegionSize=8m"),
    });
  });

  test("a way to a safepoint that is slow, and an operation that is no collection", () => {
    const slow = `[3.000s][info][safepoint] Safepoint "HeapDumper", Time since last: 100 ns, Reaching safepoint: 400000000 ns, At safepoint: 6000000000 ns, Leaving safepoint: 10 ns, Total: 6400000010 ns, Threads: 1 runnable, 9 total\n`;
    const { finding } = resultOf(headOfG1 + slow + youngs(60));
    expect(finding("safepoint/time-to-safepoint")?.title).toContain("up to 400 ms");
    expect(finding("safepoint/long-operation#HeapDumper")).toMatchObject({ severity: "critical" });
  });
});

describe("what a log tells more", () => {
  test("a stop that outlasts its collection", () => {
    const text = youngs(5).replace(/Total: (\d+) ns/, "Total: 910000000 ns");
    expect(resultOf(headOfG1 + text).finding("safepoint/outlasts-collection")?.title).toContain(
      "A stop for G1CollectForAllocation lasted 900 ms longer than its collection",
    );
    expect(resultOf(headOfG1 + youngs(5)).finding("safepoint/outlasts-collection")).toBeUndefined();
  });

  test("cycles that never rest", () => {
    const cycles = Array.from({ length: 40 }, (_, id) =>
      [
        `[${(2 + id).toFixed(3)}s][info][gc] GC(${id}) Concurrent Mark Cycle`,
        `[${(2.7 + id).toFixed(3)}s][info][gc] GC(${id}) Concurrent Mark Cycle 700.000ms`,
        "",
      ].join("\n"),
    );
    expect(resultOf(headOfG1 + cycles.join("")).finding("gc/cycle-share")).toMatchObject({ severity: "warning" });
  });

  test("a heap that leaves no room for the rest of the JVM, or that nobody chose", () => {
    const of = (heap: string) => resultOf(headOfG1.replace("Capacity: 400M", `Capacity: ${heap}`) + youngs(3));
    expect(of("15G").finding("gc/heap-size#memory")).toMatchObject({ severity: "warning" });
    expect(of("4G").finding("gc/heap-size#default")).toMatchObject({ severity: "info" });
    expect(of("8G").findings.filter(({ rule }) => rule === "gc/heap-size")).toEqual([]);
  });

  test("what it cannot answer, with what to log", () => {
    const only = headOfG1 + youngs(3).replace(/^.*(?:safepoint|gc,cpu|gc,phases).*\n/gm, "");
    const asked = resultOf(only)
      .finding("gc/log-detail")
      ?.evidence.map(({ label, value }) => [label, value]);
    expect(asked).toEqual([
      ["time to safepoint, and stops that are no collections", "safepoint"],
      ["whether pauses had the CPU", "gc+cpu"],
      ["what pauses are spent on", "gc+phases"],
      ["whether objects grow old too early", "gc+age=debug"],
    ]);
  });

  test("pauses and throughput against a goal", () => {
    const text = headOfG1 + youngs(100, (id) => ({ millis: id === 50 ? 4000 : 20 }));
    const { finding } = resultOf(text, {
      goal: parseGoal("--goal", "pause=200ms,throughput=99%,lease=3s,session=18s"),
    });
    expect(finding("gc/goal#pause")?.title).toBe("1 of 100 pauses are longer than the goal of 200 ms, up to 4 s");
    expect(finding("gc/goal#throughput")?.title).toContain("The program runs for 94 % of the time; the goal is 99 %");
    expect(finding("gc/timeout#lease")).toMatchObject({ severity: "critical" });
    expect(finding("gc/timeout#session")).toBeUndefined();
    expect(resultOf(text).finding("gc/timeout#usual")?.title).toBe(
      "The longest pause of 4 s outlasts: Kinesis lease of 10 s, renewed each third",
    );
  });

  test("the section has what scripts read, and the collections themselves when it is asked for by name", () => {
    const text = headOfG1 + youngs(100, () => ({ before: 200, after: 100 }));
    const gc = resultOf(text).data("gc");
    expect(gc).toMatchObject({
      collector: "G1",
      pauses: 100,
      pauseSeconds: { total: expect.closeTo(1, 6), max: 0.01 },
      throughput: expect.closeTo(0.99, 3),
      causes: [{ collector: "Pause Young (Normal)", cause: "G1 Evacuation Pause", collections: 100 }],
      allocatedBytesPerSecond: expect.closeTo((99 * 100 * 2 ** 20) / 100.99, -3),
    });
    expect(gc).not.toHaveProperty("events");
    expect(resultOf(text, { include: ["gc"] }).data("gc").events).toHaveLength(100);
  });

  test("no number of any finding or section is no number", () => {
    const odd = ["", youngs(1), youngs(3).replaceAll("400M", "0M"), youngs(2).replace(/^.*?\] (?=GC|Safe)/gm, "")];
    for (const text of odd) {
      const { findings, sections } = resultOf(headOfG1 + text);
      expect(JSON.stringify([findings, sections])).not.toMatch(/NaN|undefined/);
      const values = findings.flatMap(({ evidence, impact }) => [impact.value, ...evidence.map(({ value }) => value)]);
      expect(values.filter((value) => typeof value === "number" && !Number.isFinite(value))).toEqual([]);
    }
  });
});

test("the worst window of each length is what utilization tells", () => {
  const pauses = [1, 1.05, 50].map((start) => ({ start, end: start + 0.04 }));
  const of = new Map(utilizationOf(pauses, 100).map(({ windowSeconds, ratio }) => [windowSeconds, ratio]));
  expect(of.get(0.01)).toBe(0);
  expect(of.get(0.1)).toBeCloseTo(1 - 0.8, 6);
  expect(of.get(1)).toBeCloseTo(0.92, 6);
  expect(of.get(60)).toBeCloseTo(1 - 0.12 / 60, 6);
});
