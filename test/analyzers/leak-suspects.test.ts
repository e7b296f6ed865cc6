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

/** The stack of a thread that ran out of memory. */
const outOfMemory = [frame("java.lang.OutOfMemoryError", "<init>", 48), frame("com.acme.Main", "put", 7)];

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

test("one buffer that alone filled the heap that ran out is critical", () => {
  const drawing = new HeapDrawing();
  drawing.staticField(
    "com.acme.Export",
    "text",
    drawing.object("java.lang.StringBuilder", { value: drawing.bytes(9e7) }),
  );
  drawing.thread("main", outOfMemory);
  expect(analyze(drawing).findings).toMatchObject([
    {
      severity: "critical",
      advice: expect.stringMatching(/^the heap is full and this is most of it: make `Export\.text` smaller/),
    },
  ]);
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

/** An ArrayList of `count` byte arrays. */
function listOf(drawing: HeapDrawing, count: number, bytes: number): Drawn {
  const elements = Array.from({ length: count }, () => drawing.bytes(bytes));
  return drawing.object("java.util.ArrayList", {
    elementData: drawing.array("java.lang.Object[]", [...elements, null]),
  });
}

test("a map that a thread is just putting into is named by its static field, not by the stack", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 4_000_000);
  const cache = mapOf(drawing, 12_000, 4096);
  drawing.thread("main", outOfMemory, [{ object: cache, frame: 1 }]);
  drawing.staticField("com.acme.Thumbnails", "CACHE", cache);
  const [finding] = analyze(drawing).findings;
  expect(finding!.title).toBe("`HashMap` in `Thumbnails.CACHE` retains 47.2 MiB, 93 % of the heap");
  expect(finding!.evidence[1]).toMatchObject({
    value: "static Thumbnails.CACHE → HashMap.table → Node[12,000][*] → Node.value → Entry.val",
    source: "sections.suspects, literal shortest path from a GC root that is no local variable",
  });
});

test("what a thread's own fields hold is named by the program's field too", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 4_000_000);
  const queue = mapOf(drawing, 12_000, 4096);
  drawing.thread("main", outOfMemory, [{ object: queue, frame: 1 }]);
  const consumer = drawing.thread("consumer-1", [frame("com.acme.Consumer", "run", 3)]);
  drawing.set(consumer, "target", drawing.object("com.acme.Consumer", { queue }));
  const [finding] = analyze(drawing).findings;
  expect(finding!.title).toBe("`HashMap` in `Consumer.queue` retains 47.2 MiB, 93 % of the heap");
  expect(finding!.evidence[1]!.value).toMatch(
    /^thread "consumer-#" → Thread\.target → Consumer\.queue → HashMap\.table/,
  );
});

test("lists in the same thread-local of many threads are one suspect, named by the ThreadLocal", () => {
  const drawing = new HeapDrawing();
  const threadLocal = drawing.object("java.lang.ThreadLocal");
  drawing.staticField("com.acme.Request", "BUFFERS", threadLocal);
  for (let i = 0; i < 5; i++) {
    const list = listOf(drawing, 1_000, 4000);
    const entry = drawing.object("java.lang.ThreadLocal$ThreadLocalMap$Entry", { value: list });
    drawing.weak(entry, threadLocal, "weak");
    const table = drawing.array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", [entry]);
    const thread = drawing.thread(`pool-1-thread-${i}`, outOfMemory, [{ object: list, frame: 1 }]);
    drawing.set(thread, "threadLocals", drawing.object("java.lang.ThreadLocal$ThreadLocalMap", { table }));
  }
  const { findings, sections } = analyze(drawing);
  expect(findings).toMatchObject([
    {
      severity: "critical",
      key: "heap/leak-suspect:Request.BUFFERS:java.util.ArrayList",
      title: "5 objects of `ArrayList` in thread-local `Request.BUFFERS` retain 19.2 MiB, 99.9 % of the heap",
      advice: expect.stringMatching(/^call `Request\.BUFFERS`\.remove\(\) when a task ends/),
    },
  ]);
  expect(findings[0]!.evidence[0]!.value).toBe("5,000 entries of byte[], 3.92 KiB each with what they hold");
  expect(sections[0]!.data).toHaveLength(5);
});

test("what limits itself is no leak: a full ring, a bounded queue, a LinkedHashMap that evicts", () => {
  const ring = new HeapDrawing();
  const slots = ring.array(
    "byte[][]",
    Array.from({ length: 1_024 }, () => ring.bytes(65_536)),
  );
  ring.staticField("com.acme.Main", "ring", ring.object("com.acme.Ring", { slots }));
  expect(analyze(ring).findings).toMatchObject([
    {
      severity: "info",
      title: expect.stringMatching(/`byte\[\]\[\]` in `Ring\.slots` .* in an array whose every slot is taken$/),
    },
  ]);
  const queue = new HeapDrawing();
  const items = queue.array(
    "java.lang.Object[]",
    Array.from({ length: 256 }, () => queue.bytes(262_144)),
  );
  const pool = queue.object("java.util.concurrent.ArrayBlockingQueue", { items });
  queue.staticField("com.acme.Main", "pool", pool);
  expect(analyze(queue).findings).toMatchObject([{ severity: "info" }]);
  const cache = new HeapDrawing();
  const map = mapOf(cache, 12_000, 8_192);
  cache.extend("com.acme.BlockCache$1", "java.util.LinkedHashMap");
  const table = cache.object("com.acme.BlockCache$1", { map });
  cache.staticField("com.acme.Main", "cache", cache.object("com.acme.BlockCache", { lru: table }));
  expect(analyze(cache).findings).toMatchObject([{ severity: "info", rule: "heap/big-holder" }]);
});

test("a list that grows is a leak though its array is almost full", () => {
  const drawing = new HeapDrawing();
  drawing.staticField("com.acme.Bus", "listeners", listOf(drawing, 12_000, 4000));
  expect(analyze(drawing).findings).toMatchObject([{ severity: "critical", rule: "heap/leak-suspect" }]);
});

test("ZooKeeper's znodes are its data, and a warning only when the heap is full of them", () => {
  const drawing = new HeapDrawing();
  const nodes = drawing.object("org.apache.zookeeper.server.NodeHashMapImpl", { nodes: mapOf(drawing, 20_000, 4096) });
  drawing.staticField("com.acme.Other", "state", drawing.object("com.acme.State", {}, 40_000_000));
  drawing.staticField("org.Main", "db", drawing.object("org.apache.zookeeper.server.DataTree", { nodes }));
  expect(analyze(drawing).findings).toMatchObject([{ severity: "info", rule: "heap/big-holder" }, {}]);
  drawing.thread("main", outOfMemory);
  expect(analyze(drawing).findings).toMatchObject([
    { severity: "warning", advice: expect.stringMatching(/^the heap is full and the data is most of it/) },
    {},
  ]);
});

test("a map of a few maps is told by what those hold many of, and maps below do not count as entries", () => {
  const drawing = new HeapDrawing();
  const tenants = Array.from({ length: 20 }, () =>
    drawing.object("java.util.HashMap$Node", { value: mapOf(drawing, 1_000, 4096) }),
  );
  const table = drawing.array("java.util.HashMap$Node[]", tenants);
  drawing.staticField("com.acme.Tenants", "ORDERS", drawing.object("java.util.HashMap", { table }));
  const [finding] = analyze(drawing).findings;
  expect(finding).toMatchObject({
    severity: "critical",
    title: "`HashMap` in `Tenants.ORDERS` retains 78.7 MiB, 99.9 % of the heap",
  });
  expect(finding!.evidence[0]!.value).toMatch(
    /^20 entries of java\.util\.HashMap, .* each with what they hold: together 20,000 of Leaky\$Entry$/,
  );
});

test("nodes that the stack holds too are told as the list that they are of", () => {
  const drawing = new HeapDrawing();
  baseline(drawing, 2_000_000);
  const nodes = Array.from({ length: 12_000 }, () =>
    drawing.object("java.util.LinkedList$Node", { item: drawing.bytes(4000) }),
  );
  const list = drawing.object("java.util.LinkedList", { first: nodes[0]! });
  for (const [i, node] of nodes.entries()) drawing.set(node, "next", nodes[i + 1] ?? null);
  drawing.thread(
    "main",
    outOfMemory,
    nodes.map((object) => ({ object, frame: 1 })).filter((_, i) => i % 2 === 0),
  );
  drawing.staticField("com.acme.Journal", "events", list);
  const [finding] = analyze(drawing).findings;
  expect(finding!.title).toMatch(/^`LinkedList` in `Journal\.events` retains/);
});

test("threads that each hold much are told by their pool and their frame, and are critical when memory ran out", () => {
  const drawing = new HeapDrawing();
  for (let i = 0; i < 40; i++)
    drawing.thread(`conn-${i}`, [frame("com.acme.Conn", "read", 9)], [{ object: drawing.bytes(1 << 20), frame: 0 }]);
  expect(analyze(drawing).findings).toMatchObject([
    { severity: "info", rule: "heap/thread-retains", title: "40 threads `conn-#` retain 40.0 MiB, 100 % of the heap" },
  ]);
  drawing.thread("main", outOfMemory);
  const [finding] = analyze(drawing).findings;
  expect(finding!.severity).toBe("critical");
  expect(finding!.evidence[0]!.value).toBe('thread "conn-#" → local in Conn.read(Conn.java:9)');
});

test("when a thread ran out of memory in an almost empty heap, nothing in it is to blame", () => {
  const drawing = new HeapDrawing();
  drawing.staticField("com.acme.Settings", "all", listOf(drawing, 2_000, 500));
  drawing.staticField("java.nio.Bits", "MAX_MEMORY", 100_000_000n);
  drawing.thread("main", outOfMemory);
  expect(analyze(drawing).findings).toMatchObject([{ severity: "info" }]);
});
