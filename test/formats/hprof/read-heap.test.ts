import { expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { readHeap } from "../../../src/formats/hprof/read-heap.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { strengths } from "../../../src/model/heap-graph.ts";
import { heapOf, heapWith } from "../../heap-of.ts";
import { compressedLayout, narrowLayout } from "../../hprof-layout.ts";
import { HprofWriter } from "../../hprof-writer.ts";
import { counted, heapFrom, histogramFrom, instancesOf, labelOf, ordinalOf, targetsOf } from "./read-bytes.ts";

const variants = (["1.0.1", "1.0.2", "1.0.3"] as const).flatMap((format) =>
  ([4, 8] as const).flatMap((idBytes) => [true, false].map((segmented) => ({ format, idBytes, segmented }))),
);

test.each(variants)("a drawn heap is read from %o", async (variant) => {
  const { bytes, idOf } = heapWith({
    ...variant,
    layout: variant.idBytes === 4 ? narrowLayout : compressedLayout,
  })`root → a:demo.Cache.table → t:Object[] → b:byte[100]; a.other → b; static demo.Main.CACHE → a`;
  const heap = await heapFrom(bytes);
  const [a, t, b] = ["a", "t", "b"].map((name) => ordinalOf(heap, idOf[name]!)) as [number, number, number];
  expect(heap.file).toMatchObject({ format: `JAVA PROFILE ${variant.format}`, idBytes: variant.idBytes, losses: [] });
  expect(targetsOf(heap, a).slice(0, 2)).toEqual([t, b]);
  expect(targetsOf(heap, t)[0]).toBe(b);
  expect(targetsOf(heap, b)).toEqual([]);
  expect(instancesOf(heap)).toMatchObject({ "demo.Cache": 1, "java.lang.Object[]": 1, "byte[]": 1 });
  expect(instancesOf(await histogramFrom(bytes))).toEqual(instancesOf(heap));
});

test("an edge is named by the field, element, static field or class that it is", async () => {
  const { bytes, idOf } = heapOf`static demo.Main.CACHE → a:demo.Cache.table → t:Object[5]; t[3] → b:byte[10]`;
  const heap = await heapFrom(bytes);
  const at = (name: string) => ordinalOf(heap, idOf[name]!);
  expect(labelOf(heap, at("demo.Main"), at("a"))).toEqual({ kind: "static", text: "CACHE" });
  expect(labelOf(heap, at("a"), at("t"))).toEqual({ kind: "field", text: "table" });
  expect(labelOf(heap, at("t"), at("b"))).toEqual({ kind: "element", text: "[3]" });
  expect(labelOf(heap, at("a"), at("demo.Cache"))).toEqual({ kind: "class", text: "<class>" });
});

test("referents are edges of their own, by the kind of reference, and ordinary ones with refs mat", async () => {
  const { bytes, idOf } =
    heapOf`demo.Weak extends java.lang.ref.WeakReference; root → w:demo.Weak.referent → x:byte[16]; w.strong → y:byte[16]`;
  const heap = await heapFrom(bytes);
  const [w, x, y] = ["w", "x", "y"].map((name) => ordinalOf(heap, idOf[name]!)) as [number, number, number];
  expect(targetsOf(heap, w)).not.toContain(x);
  expect(targetsOf(heap, w)).toContain(y);
  expect([...heap.graph.weakEdges.from]).toEqual([w]);
  expect([...heap.graph.weakEdges.to]).toEqual([x]);
  expect(strengths[heap.graph.weakEdges.strength[0]!]).toBe("weak");
  expect(targetsOf(await heapFrom(bytes, { refs: "mat" }), w)).toContain(x);
});

test("what a frame holds is held by the thread, with the frame's name", async () => {
  const dump = new HprofWriter();
  const threadClass = dump.javaClass({ name: "java.lang.Thread", fields: { name: "object" } });
  const trace = dump.trace(7, [{ className: "demo.Main", method: "serve", source: "Main.java", line: 42 }]);
  const name = dump.javaString("worker-1");
  const thread = dump.instance(threadClass, { name });
  const local = dump.bytes(500);
  dump.root(thread, { kind: "threadObject", thread: 7, trace });
  dump.root(local, { kind: "javaFrame", thread: 7, frame: 0 });
  const heap = await heapFrom(dump.file());
  const [at, held] = [ordinalOf(heap, thread), ordinalOf(heap, local)];
  expect(heap.threads).toMatchObject([
    { serial: 7, ordinal: at, frames: [{ className: "demo.Main", method: "serve", line: 42 }] },
  ]);
  expect([...heap.graph.roots]).not.toContain(held);
  expect(targetsOf(heap, at)).toContain(held);
  expect(labelOf(heap, at, held)).toEqual({ kind: "local", text: "demo.Main.serve(Main.java:42)" });
  expect(heap.objects.strings([ordinalOf(heap, name)], 100)).toEqual(["worker-1"]);
});

test("values of every type are read back, superclasses' fields behind the class's own", async () => {
  const dump = new HprofWriter();
  const base = dump.javaClass({ name: "demo.Base", fields: { z: "boolean", c: "char", f: "float", d: "double" } });
  const fields = { b: "byte", s: "short", i: "int", l: "long", o: "object" } as const;
  const type = dump.javaClass({ name: "demo.All", superclass: base, fields, statics: { MAX: ["long", 2n ** 60n] } });
  const id = dump.instance(type, { z: 1, c: 65, f: 1.5, d: -2.25, b: -3, s: -400, i: 70_000, l: 2n ** 60n, o: 0 });
  dump.root(id);
  const heap = await heapFrom(dump.file());
  const [all, main] = heap.objects.read([ordinalOf(heap, id), ordinalOf(heap, type)]);
  expect(Object.fromEntries(all!.fields.map(({ name, value }) => [name, value]))).toEqual({
    ...{ b: -3, s: -400, i: 70_000, l: 2n ** 60n, o: 0, z: true, c: 65, f: 1.5, d: -2.25 },
  });
  expect(all!.fields.map(({ name }) => name).join("")).toBe("bsilozcfd");
  expect(main!.fields).toMatchObject([{ name: "MAX", value: 2n ** 60n }]);
});

test("strings are read in Latin-1 and UTF-16, and cut at the wanted length", async () => {
  const dump = new HprofWriter();
  const ids = ["plain", "größer", "Ωμέγα 🚀", "x".repeat(1000)].map((text) => dump.javaString(text));
  for (const id of ids) dump.root(id);
  const heap = await heapFrom(dump.file());
  const ordinals = ids.map((id) => ordinalOf(heap, id));
  expect(heap.objects.strings([...ordinals, 0], 20)).toEqual([
    "plain",
    "größer",
    "Ωμέγα 🚀",
    "x".repeat(20),
    undefined,
  ]);
});

test("of several dumps in a file the last is read, or the one that is asked for", async () => {
  const dump = new HprofWriter({ segmented: false });
  dump.root(dump.bytes(10));
  dump.endDump();
  dump.root(dump.bytes(10));
  dump.root(dump.bytes(20));
  const bytes = dump.file();
  expect((await heapFrom(bytes)).file).toMatchObject({ dump: 2, dumps: 2 });
  expect(instancesOf(await heapFrom(bytes))["byte[]"]).toBe(2);
  expect(instancesOf(await heapFrom(bytes, { dump: 1 }))["byte[]"]).toBe(1);
  await expect(heapFrom(bytes, { dump: 3 })).rejects.toThrow(
    new FormatError("the file holds 2 heap dumps, so there is no dump 3"),
  );
});

test("Android's records are read or stepped over", async () => {
  const dump = new HprofWriter({ format: "1.0.3", idBytes: 4, layout: narrowLayout });
  dump.heapDumpInfo(65, "app");
  const text = dump.bytes(10);
  for (const kind of ["internedString", "finalizing", "debugger", "referenceCleanup", "vmInternal"] as const)
    dump.root(text, { kind });
  dump.root(text, { kind: "jniMonitor", thread: 1, frame: 0 });
  const zygote = dump.primitiveArrayWithoutData("int", 1000);
  dump.root(zygote);
  const heap = await heapFrom(dump.file());
  expect(heap.file.losses).toEqual([]);
  expect(instancesOf(heap)).toMatchObject({ "byte[]": 1, "int[]": 1 });
  expect(heap.graph.shallowUnits[ordinalOf(heap, zygote)]! * 8).toBeGreaterThanOrEqual(4000);
});

test("a length of 0, as a JVM that dies leaves it, goes to the end of the file", async () => {
  for (const segmented of [true, false]) {
    const dump = new HprofWriter({ segmented, claimedLength: () => 0 });
    dump.root(dump.bytes(10));
    dump.endSegment();
    const file = dump.file();
    expect(instancesOf(await heapFrom(segmented ? file.subarray(0, -9) : file))["byte[]"]).toBe(1);
  }
});

test("objects of a class that the dump lacks are counted under its id", async () => {
  const dump = new HprofWriter();
  dump.root(dump.instance(0x7777000, {}, undefined, new Uint8Array(16)));
  const heap = await heapFrom(dump.file());
  expect(instancesOf(heap)["unknown class 0x7777000"]).toBe(1);
  expect(heap.classes.find(({ name }) => name === "unknown class 0x7777000")).toMatchObject({ missing: true });
});

test("ids that are numbers and not addresses make the same graph", async () => {
  const dump = new HprofWriter({ idBytes: 4, format: "1.0.1", segmented: false });
  const type = dump.javaClass({ name: "demo.Node", at: 11, superclass: 0, fields: { next: "object" } });
  const last = dump.instance(type, { next: 0 }, 13);
  const first = dump.instance(type, { next: last }, 12);
  dump.root(first);
  const heap = await heapFrom(dump.file());
  expect(heap.graph.objectCount).toBe(3);
  expect(targetsOf(heap, ordinalOf(heap, first))).toContain(ordinalOf(heap, last));
  expect(heap.sizing.method).toBe("assumed");
});

test("something else is refused with what was expected", async () => {
  await expect(heapFrom(new TextEncoder().encode("PK nonsense"))).rejects.toThrow(
    'expected a heap dump that starts with "JAVA PROFILE 1.0" (at byte 0)',
  );
  await expect(heapFrom(new HprofWriter().file().subarray(0, 20))).rejects.toThrow(/ends inside the header/);
});

test("a dump is read twice and a little more, and what it needs per object does not grow unnoticed", async () => {
  const dump = new HprofWriter();
  const type = dump.javaClass({ name: "demo.Node", fields: { next: "object", value: "object" } });
  let next = 0;
  for (let i = 0; i < 60_000; i++) next = dump.instance(type, { next, value: dump.bytes(20) });
  dump.root(next);
  const bytes = dump.file();
  const source = counted(memorySource("drawn.hprof", bytes));
  const heap = await readHeap(source, {
    sizes: "gaps",
    refs: "strong",
    dump: undefined,
    threads: 1,
    progress: () => undefined,
  });
  const { firstEdge, classOf, shallowUnits } = heap.graph;
  const columnBytes = firstEdge.byteLength + classOf.byteLength + shallowUnits.byteLength;
  expect(columnBytes / (heap.graph.objectCount + 1)).toBe(8);
  expect(source.bytesRead() / bytes.length).toBeLessThan(2.2);
});
