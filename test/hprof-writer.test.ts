import { describe, expect, test } from "vitest";
import { memorySource } from "../src/bytes/byte-source.ts";
import { type HeapColumns, readHeap } from "../src/formats/hprof/read-heap.ts";
import { heapOf, heapWith } from "./heap-of.ts";
import { compactLayout, compressedLayout, type HeapLayout, narrowLayout, wideLayout } from "./hprof-layout.ts";
import { HprofWriter } from "./hprof-writer.ts";

describe("a written dump, read back", () => {
  test("a drawing's fields, elements, statics and superclasses are there", async () => {
    const heap = await read(
      heapOf`Mine extends demo.Cache; static demo.Cache.INSTANCE → c:Mine.table → t:Object[] → b:byte[100]
             root → w:java.lang.ref.WeakReference.referent → c; t → n → n; c.table → t`.bytes,
    );
    expect(edges(heap)).toEqual([
      "Mine.table → java.lang.Object[]",
      "Node.ref0 → Node",
      "demo.Cache.INSTANCE → Mine",
      "java.lang.Object[].[0] → byte[]",
      "java.lang.Object[].[1] → Node",
    ]);
    expect(heap.graph.weakEdges.to.length).toBe(1);
    expect(heap.file.losses).toEqual([]);
  });

  test("narrow ids and one record per dump are read alike", async () => {
    const draw = heapWith({ idBytes: 4, layout: narrowLayout, segmented: false, format: "1.0.1" });
    const heap = await read(draw`root → a:demo.A.next → b:demo.A; b → c:int[3]`.bytes);
    expect(heap.file).toMatchObject({ format: "JAVA PROFILE 1.0.1", idBytes: 4 });
    expect(edges(heap)).toEqual(["demo.A.next → demo.A", "demo.A.ref0 → int[]"]);
  });

  const layouts: Readonly<Record<string, [HeapLayout, header: number, reference: number]>> = {
    compressed: [compressedLayout, 12, 4],
    "without compressed oops": [wideLayout, 12, 8],
    "with compact headers": [compactLayout, 8, 4],
    "aligned to 16": [{ ...compressedLayout, alignmentBytes: 16 }, 12, 4],
  };
  test.each(Object.entries(layouts))(
    "the layout is learned from addresses: %s",
    async (_, [layout, header, reference]) => {
      const { sizing, classes } = await read(manyObjects(layout));
      expect(sizing).toMatchObject({ method: "gaps", headerBytes: header, referenceBytes: reference });
      expect(sizing.alignmentBytes).toBe(layout.alignmentBytes);
      const thread = classes.find(({ name }) => name === "java.lang.Thread");
      expect(thread?.instanceBytes).toBe(64);
    },
  );

  test("Android's records are passed over, with what they say of roots and arrays", async () => {
    const dump = new HprofWriter({ format: "1.0.3" });
    const a = dump.instance(dump.javaClass({ name: "demo.A" }));
    dump.heapDumpInfo(1, "app");
    for (const kind of ["internedString", "finalizing", "debugger", "referenceCleanup", "vmInternal"] as const)
      dump.root(a, { kind });
    dump.root(a, { kind: "jniMonitor", thread: 1, frame: 0 });
    dump.primitiveArrayWithoutData("int", 10);
    dump.root(dump.instance(dump.javaClass({ name: "demo.B" })));
    const heap = await read(dump.file());
    expect(heap.file.losses).toEqual([]);
    expect(
      heap.classes.filter(({ name }) => name.startsWith("demo")).map(({ index }) => heap.census.instances[index]),
    ).toEqual([1, 1]);
  });
});

/** Enough objects with neighbours to learn from: mixed classes, arrays of every length, and a class to which the JVM adds fields that no dump shows. */
function manyObjects(layout: HeapLayout): Uint8Array {
  const dump = new HprofWriter({ layout });
  const node = dump.javaClass({ name: "demo.Node", fields: { left: "object", right: "object" } });
  const counter = dump.javaClass({ name: "demo.Counter", fields: { count: "int" } });
  const thread = dump.javaClass({ name: "java.lang.Thread", fields: { name: "object" }, instanceBytes: 64 });
  for (let i = 0; i < 40; i++) {
    for (const type of [node, counter, thread]) dump.root(dump.instance(type));
    dump.root(dump.objectArray("java.lang.Object[]", new Array<number>(i).fill(0)));
    dump.root(dump.primitiveArray("int", new Array<number>(i).fill(0)));
    dump.root(dump.bytes(i));
  }
  return dump.file();
}

async function read(bytes: Uint8Array): Promise<HeapColumns> {
  const options = { sizes: "gaps", refs: "strong", dump: undefined, threads: 1, progress: () => undefined } as const;
  return readHeap(memorySource("written", bytes), options);
}

/** `Holder.field → Held` for every reference in a field, element or static field; sorted. */
function edges({ classes, graph, objects }: HeapColumns): string[] {
  const className = (ordinal: number): string => {
    const mirrored = classes.find((type) => type.ordinal === ordinal);
    return (mirrored ?? classes[graph.classOf[ordinal]!]!).name;
  };
  const ordinals = Array.from({ length: graph.objectCount }, (_, i) => i + 1);
  const references = objects.read(ordinals).flatMap((object) => {
    if (object === undefined) return [];
    const named = object.fields
      .filter(({ type }) => type === "object")
      .map(({ name, value }) => [name, Number(value)] as const);
    const elements = Array.from(object.references ?? [], (target, i) => [`[${i}]`, target] as const);
    return [...named, ...elements].map(([label, target]) => [object.ordinal, label, target] as const);
  });
  return references
    .filter(([, label, target]) => target !== 0 && label !== "referent")
    .map(([from, label, to]) => `${className(from)}.${label} → ${className(to)}`)
    .sort();
}
