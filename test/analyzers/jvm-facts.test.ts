import { expect, test } from "vitest";
import { jvmFacts } from "../../analyzers/jvm-facts.ts";
import { type Drawn, frame, HeapDrawing, plainOptions } from "./drawn-heap.ts";

const values = {
  "java.version": "17.0.15",
  "java.vm.name": "OpenJDK 64-Bit Server VM",
  "db.password": "hunter2",
  "feature.on": "true",
};

/** Properties as they are since JDK 9: a ConcurrentHashMap inside. */
function drawProperties(drawing: HeapDrawing): void {
  let next: Drawn | null = null;
  const nodes = Object.entries(values).map(([key, val], i) => {
    const node: Drawn = drawing.object("java.util.concurrent.ConcurrentHashMap$Node", {
      key: drawing.string(key),
      val: drawing.string(val),
      next: i === 1 ? next : null,
    });
    next = node;
    return node;
  });
  const table = drawing.array("java.util.concurrent.ConcurrentHashMap$Node[]", [null, ...nodes.slice(1)]);
  const map = drawing.object("java.util.concurrent.ConcurrentHashMap", { table });
  drawing.staticField("java.lang.System", "props", drawing.object("java.util.Properties", { map }));
}

function factsOf(drawing: HeapDrawing, options = plainOptions) {
  return jvmFacts.analyze({ heap: drawing.evidence() }, options).sections[0]!.data;
}

test("version, name and main class are open, other values are not", () => {
  const drawing = new HeapDrawing();
  drawProperties(drawing);
  drawing.thread("main", [frame("java.lang.Object", "wait", 1), frame("com.acme.Main", "main", 9)]);
  expect(factsOf(drawing)).toEqual({
    name: "OpenJDK",
    version: "17.0.15",
    mainClass: "com.acme.Main",
    arguments: [],
    properties: [
      { name: "db.password", value: "(redacted)" },
      { name: "feature.on", value: "true" },
      { name: "java.version", value: "17.0.15" },
      { name: "java.vm.name", value: "OpenJDK 64-Bit Server VM" },
    ],
  });
  expect(drawing.calls).toEqual({ read: 1, labels: 0, strings: 1 });
  expect(factsOf(drawing, { top: 10, showValues: true })).toMatchObject({
    properties: [{ name: "db.password", value: "hunter2" }, {}, {}, {}],
  });
});

test("arguments keep sizes and switches and lose what may be secret; they tell the collector", () => {
  const drawing = new HeapDrawing();
  const texts = [
    "-Xmx2g",
    "-XX:+UseZGC",
    "-Ddb.password=hunter2",
    "-XX:HeapDumpPath=/secret",
    "-javaagent:/opt/a.jar=token=1",
  ];
  const list = drawing.object("java.util.Arrays$ArrayList", {
    a: drawing.array(
      "java.lang.String[]",
      texts.map((text) => drawing.string(text)),
    ),
  });
  const inner = drawing.object("java.util.Collections$UnmodifiableRandomAccessList", { list });
  drawing.root(drawing.object("sun.management.VMManagementImpl", { vmArgs: inner }), "jniGlobal");
  expect(factsOf(drawing)).toEqual({
    collector: "ZGC",
    arguments: [
      "-Xmx2g",
      "-XX:+UseZGC",
      "-Ddb.password=(redacted)",
      "-XX:HeapDumpPath=(redacted)",
      "-javaagent=(redacted)",
    ],
    properties: [],
  });
});

test("a Hashtable of JDK 8 gives its properties too", () => {
  const drawing = new HeapDrawing();
  const second = drawing.object("java.util.Hashtable$Entry", {
    key: drawing.string("os.arch"),
    value: drawing.string("amd64"),
    next: null,
  });
  const first = drawing.object("java.util.Hashtable$Entry", {
    key: drawing.string("java.version"),
    value: drawing.string("1.8.0_05"),
    next: second,
  });
  const table = drawing.array("java.util.Hashtable$Entry[]", [null, first]);
  drawing.staticField("java.lang.System", "props", drawing.object("java.util.Properties", { table, count: 2 }));
  expect(factsOf(drawing)).toMatchObject({
    version: "1.8.0_05",
    properties: [{ name: "java.version" }, { name: "os.arch" }],
  });
});

test("a dump without any of it has an empty section", () => {
  expect(factsOf(new HeapDrawing())).toEqual({ arguments: [], properties: [] });
});

test("properties that are themselves the leak do not end the report", () => {
  const drawing = new HeapDrawing();
  const node = drawing.object("java.util.concurrent.ConcurrentHashMap$Node", {
    key: drawing.string("java.version"),
    val: drawing.string("17.0.15"),
    next: null,
  });
  const elements = [...new Array<null>(300_000).fill(null), node];
  const table = drawing.array("java.util.concurrent.ConcurrentHashMap$Node[]", elements);
  const map = drawing.object("java.util.concurrent.ConcurrentHashMap", { table });
  drawing.staticField("java.lang.System", "props", drawing.object("java.util.Properties", { map }));
  expect(factsOf(drawing)).toMatchObject({ version: "17.0.15" });
});
