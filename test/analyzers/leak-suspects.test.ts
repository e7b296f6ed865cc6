import { expect, test } from "vitest";
import { leakSuspects } from "../../analyzers/leak-suspects.ts";
import type { Analysis } from "../../src/model/analyzer.ts";
import { type Drawn, frame, HeapDrawing, plainOptions } from "./drawn-heap.ts";

/** A HashMap whose nodes are right below its table, with one `Leaky$Entry` of `entryBytes` in each. */
function mapOf(drawing: HeapDrawing, count: number, entryBytes: number): Drawn {
  const nodes = Array.from({ length: count }, () => {
    const entry = drawing.object("Leaky$Entry", { val: drawing.bytes(entryBytes - 24 - 16) });
    return drawing.object("java.util.HashMap$Node", { value: entry });
  });
  return drawing.object("java.util.HashMap", { table: drawing.array("java.util.HashMap$Node[]", nodes) });
}

/** Objects of many kinds, of which none is big. */
function baseline(drawing: HeapDrawing, bytes: number): void {
  for (let part = 0; part < 40; part++)
    drawing.staticField(`com.acme.Part${part}`, "state", drawing.object(`com.acme.State${part}`, {}, bytes / 40));
}

function analyze(drawing: HeapDrawing): Analysis {
  return leakSuspects.analyze({ heap: drawing.evidence() }, plainOptions);
}

test("a static map of many entries that is most of the heap is critical, with path, entries and what they hold", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 4_000_000);
  drawing.staticField("Leaky", "CACHE", mapOf(drawing, 12_000, 4096));
  const [finding, ...others] = analyze(drawing).findings;
  expect(others).toEqual([]);
  expect(finding).toEqual({
    rule: "heap/leak-suspect",
    key: "heap/leak-suspect:Leaky.CACHE:java.util.HashMap",
    severity: "critical",
    score: 93,
    title: "`HashMap` in `Leaky.CACHE` retains 47.2 MiB, 93 % of the heap",
    impact: { value: 49_536_040, unit: "bytes" },
    evidence: [
      {
        label: "",
        value: "12,000 entries of Leaky$Entry, 4.02 KiB each with what they hold",
        unit: "text",
        source: "sections.suspects",
      },
      {
        label: "held by",
        value: "static Leaky.CACHE → HashMap.table → Node[12,000][*] → Node.value → Entry.val",
        unit: "text",
        source: "sections.suspects, literal shortest path from a GC root",
      },
      { label: "mostly", value: "byte[] in Leaky$Entry.val, 99 % of it", unit: "text", source: "sections.suspects" },
    ],
    advice: "bound `Leaky.CACHE` or expire its entries; the byte[] in Leaky$Entry.val are 99 % of it",
    docs: "rules/heap-leak-suspect.md",
  });
});

test("the same map in a service whose baseline outweighs it is no warning", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 20_000_000);
  drawing.staticField("Leaky", "CACHE", mapOf(drawing, 2_000, 4096));
  expect(analyze(drawing).findings.map(({ severity }) => severity)).toEqual(["info", "info"]);
});

test("one big buffer is told as what it is, and is not ill however big", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 4_000_000);
  const buffer = drawing.object("java.nio.HeapByteBuffer", { hb: drawing.bytes(128 << 20) });
  drawing.staticField("kafka.Cleaner", "map", drawing.object("kafka.OffsetMap", { bytes: buffer }));
  const [finding] = analyze(drawing).findings;
  expect(finding).toMatchObject({
    rule: "heap/big-holder",
    severity: "info",
    title: "`HeapByteBuffer` in `OffsetMap.bytes` is a buffer of 128 MiB, 97 % of the heap: one flat array",
  });
});

test("the maps of a memtable are big by design", () => {
  const drawing = new HeapDrawing();
  drawing.staticField(
    "org.Store",
    "current",
    drawing.object("org.SkipListMemtable", { rows: mapOf(drawing, 12_000, 4096) }),
  );
  expect(analyze(drawing).findings).toMatchObject([{ rule: "heap/big-holder", severity: "info" }]);
});

test("a queue that is one long chain is found at the queue", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 2_000_000);
  let next: Drawn | null = null;
  for (let i = 0; i < 12_000; i++)
    next = drawing.object("java.util.concurrent.LinkedBlockingQueue$Node", { item: drawing.bytes(4000), next });
  const queue = drawing.object("java.util.concurrent.LinkedBlockingQueue", { head: next });
  drawing.staticField("com.acme.Pool", "executor", drawing.object("com.acme.Executor", { tasks: queue }));
  const { findings, sections } = analyze(drawing);
  expect(findings).toMatchObject([
    { severity: "critical", title: "`LinkedBlockingQueue` in `Executor.tasks` retains 46.3 MiB, 96 % of the heap" },
  ]);
  expect(findings[0]!.evidence[0]!.value).toBe("12,000 entries of byte[], 3.95 KiB each with what they hold");
  expect(sections[0]!.data).toMatchObject([
    { accumulationPoint: { className: "java.util.concurrent.LinkedBlockingQueue" } },
  ]);
});

test("what a stack holds is told with the frame and the stack, and without the thread's number", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 4_000_000);
  const rows = mapOf(drawing, 12_000, 4096);
  drawing.thread(
    "export-17",
    [frame("java.lang.Thread", "sleep", 1), frame("com.acme.Export", "run", 42)],
    [{ object: rows, frame: 1 }],
  );
  const [finding] = analyze(drawing).findings;
  expect(finding).toMatchObject({
    key: "heap/leak-suspect:local in Export.run:java.util.HashMap",
    title: "`HashMap`, local in Export.run(Export.java:42), retains 47.2 MiB, 93 % of the heap",
  });
  expect(finding!.evidence[1]!.value).toMatch(
    /^thread "export-#" → local in Export\.run\(Export\.java:42\) → HashMap\.table/,
  );
  expect(finding!.evidence.filter(({ source }) => source === "sections.threads").map(({ value }) => value)).toEqual([
    "java.lang.Thread.sleep(Thread.java:1)",
    "com.acme.Export.run(Export.java:42)",
  ]);
});

test("entries that two maps share are a group, held where most of their paths run together", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 2_000_000);
  const entries = Array.from({ length: 12_000 }, () => drawing.object("com.acme.Session", {}, 4096));
  for (const name of ["byId", "byUser"]) {
    drawing.staticField(
      "com.acme.Sessions",
      name,
      drawing.object("java.util.ArrayList", { elementData: drawing.array("java.lang.Object[]", entries) }),
    );
  }
  const [finding] = analyze(drawing).findings;
  expect(finding).toMatchObject({
    severity: "critical",
    key: "heap/leak-suspect:Sessions.byId:com.acme.Session",
    title: "12,000 objects of `Session` in `Sessions.byId` retain 46.9 MiB, 96 % of the heap",
  });
});

test("a full heap makes of a big mix a warning", () => {
  const drawing = new HeapDrawing();
  const parts = Array.from({ length: 40 }, (_, part) => drawing.object(`com.acme.Part${part}`, {}, 100_000));
  drawing.staticField("com.acme.Main", "context", drawing.array("java.lang.Object[]", parts));
  expect(analyze(drawing).findings).toMatchObject([{ severity: "info" }]);
  drawing.staticField("java.nio.Bits", "MAX_MEMORY", 4_200_000n);
  expect(analyze(drawing).findings).toMatchObject([{ severity: "warning" }]);
});

test("an empty heap has no suspects, and all suspects together take one read of labels", () => {
  const empty = new HeapDrawing();
  expect(analyze(empty).findings).toEqual([]);
  expect(empty.calls).toEqual({ read: 0, labels: 0, strings: 0 });
  const drawing = new HeapDrawing();
  drawing.staticField("A", "one", mapOf(drawing, 300, 4096));
  drawing.staticField("B", "two", mapOf(drawing, 300, 4096));
  expect(analyze(drawing).findings).toHaveLength(2);
  expect(drawing.calls).toEqual({ read: 1, labels: 1, strings: 0 });
});

test("entries whose map was lost with the end of the dump are a warning that says so", () => {
  const drawing = new HeapDrawing();
  for (let i = 0; i < 2_000; i++) {
    const entry = drawing.object("com.acme.Session", { buffer: drawing.bytes(2000) });
    drawing.root(drawing.object("java.util.HashMap$Node", { value: entry }), "unknown");
  }
  const losses = [{ offset: 1, bytes: 1, reason: "the GC roots were lost" }];
  const { findings } = leakSuspects.analyze({ heap: drawing.evidence({ losses }) }, plainOptions);
  expect(findings).toMatchObject([
    { severity: "warning", title: "2,000 objects of `HashMap$Node` retain 3.94 MiB, 100 % of the heap" },
  ]);
  expect(findings[0]!.evidence.map(({ value }) => value)).toEqual([
    "2,000 entries of com.acme.Session, 2.02 KiB each with what they hold",
    "what could not be read of the dump → Node.value → Session.buffer",
    "byte[] in Session.buffer, 98 % of it",
  ]);
});
