import { expect, test } from "vitest";
import { heapThreads } from "../../analyzers/heap-threads.ts";
import { frame, HeapDrawing, plainOptions } from "./drawn-heap.ts";

test("the thread that ran out of memory is named with its own frame, once, critical", () => {
  const drawing = new HeapDrawing();
  drawing.thread("worker-3", [
    frame("java.lang.OutOfMemoryError", "<init>", 48),
    frame("java.util.Arrays", "copyOf", 3512),
    frame("com.acme.Store", "put", 17),
    frame("java.lang.Thread", "run", 840),
  ]);
  const { findings } = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings).toMatchObject([
    {
      rule: "heap/out-of-memory",
      key: "heap/out-of-memory:com.acme.Store.put",
      severity: "critical",
      title: "The JVM ran out of memory: thread `worker-#` got an OutOfMemoryError in Store.put(Store.java:17)",
    },
  ]);
  expect(findings[0]!.evidence.map(({ value }) => value)).toEqual([
    "java.util.Arrays.copyOf(Arrays.java:3512)",
    "com.acme.Store.put(Store.java:17)",
    "java.lang.Thread.run(Thread.java:840)",
  ]);
});

test("names are shown as pools unless asked for; state, stack and locals are there", () => {
  const drawing = new HeapDrawing();
  const buffer = drawing.bytes(1000);
  drawing.thread("token=s3cret", [frame("com.acme.Main", "main", 1)], [{ object: buffer, frame: 0 }]);
  const heap = drawing.evidence();
  const [section] = heapThreads.analyze({ heap }, plainOptions).sections;
  expect(section!.data).toEqual([
    {
      name: "token=#",
      className: "java.lang.Thread",
      objectId: "0x30",
      state: "RUNNABLE",
      daemon: true,
      priority: 5,
      retainedBytes: 1088,
      localsCount: 1,
      stack: ["com.acme.Main.main(Main.java:1)"],
    },
  ]);
  expect(drawing.calls).toEqual({ read: 1, labels: 0, strings: 1 });
  expect(heapThreads.analyze({ heap }, { ...plainOptions, showValues: true }).sections[0]!.data).toMatchObject([
    { name: "token=s3cret" },
  ]);
});

test("fields of JDK 19's holder and names of JDK 7 are read too", () => {
  const drawing = new HeapDrawing();
  const thread = drawing.thread("new");
  drawing.set(thread, "threadStatus", null);
  drawing.set(thread, "holder", drawing.object("java.lang.Thread$FieldHolder", { threadStatus: 0x191, daemon: false }));
  const [section] = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions).sections;
  expect(section!.data).toMatchObject([{ name: "new", state: "WAITING", daemon: false }]);
});

test("a thousand threads are a warning that names the biggest pool", () => {
  const drawing = new HeapDrawing();
  for (let i = 0; i < 1000; i++)
    drawing.thread(i < 900 ? `exec-${i}` : `other-${i}`, [frame("com.acme.Pool", "take", 5)]);
  const { findings, sections } = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings).toMatchObject([
    { rule: "heap/too-many-threads", severity: "warning", title: "1,000 threads, 900 of them `exec-#`" },
  ]);
  expect(sections[0]!.tables[0]!.rows.map(([pool, count]) => [pool, count])).toEqual([
    ["exec-#", 900],
    ["other-#", 100],
  ]);
});

test("a big local is told with its frame", () => {
  const drawing = new HeapDrawing();
  drawing.thread("export-1", [frame("com.acme.Export", "run", 9)], [{ object: drawing.bytes(20 << 20), frame: 0 }]);
  const { findings } = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings.map(({ severity, title }) => [severity, title])).toEqual([
    [
      "info",
      "Thread `export-#` holds a `byte[]` of 20.0 MiB, 99.9 % of the heap, in a local in Export.run(Export.java:9)",
    ],
  ]);
});

test("an OutOfMemoryError in an almost empty heap says that no leak filled it", () => {
  const drawing = new HeapDrawing();
  drawing.staticField("java.nio.Bits", "MAX_MEMORY", 100_000_000n);
  drawing.thread("main", [frame("java.lang.OutOfMemoryError", "<init>", 48), frame("com.acme.Main", "read", 3)]);
  const [finding] = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions).findings;
  expect(finding!.advice).toMatch(/^Only <?0\.1 % of the heap \(.* of 95\.4 MiB\) is in use, so no leak filled it/);
});

test("a holder of half the heap comes before the thread that ran out; the JVM's own frames and addresses are left out", () => {
  const drawing = new HeapDrawing();
  drawing.thread("main", [
    frame("java.lang.OutOfMemoryError", "<init>", 48),
    frame("java.lang.invoke.LambdaForm$MH/0x00007fd780004400", "invoke", -1),
    frame("com.acme.Main$$Lambda/0x0000000069040c00", "call", -1),
  ]);
  const [finding] = heapThreads.analyze({ heap: drawing.evidence() }, plainOptions).findings;
  expect(finding).toMatchObject({ score: 49, key: "heap/out-of-memory:com.acme.Main$$Lambda.call" });
  expect(finding!.evidence).toMatchObject([{ value: expect.stringMatching(/^com\.acme\.Main\$\$Lambda\.call/) }]);
});
