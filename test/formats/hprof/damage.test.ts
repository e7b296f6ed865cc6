import fc from "fast-check";
import { expect, test } from "vitest";
import { FormatError } from "../../../src/model/errors.ts";
import { HprofWriter } from "../../hprof-writer.ts";
import { heapFrom, histogramFrom, instancesOf } from "./read-bytes.ts";

/** A dump with every kind of record, in three segments. */
function smallDump(segmented = true): Uint8Array {
  const dump = new HprofWriter({ segmented });
  const threadClass = dump.javaClass({ name: "java.lang.Thread", fields: { name: "object" } });
  const trace = dump.trace(1, [{ className: "demo.Main", method: "main", source: "Main.java", line: 3 }]);
  const node = dump.javaClass({
    name: "demo.Node",
    fields: { next: "object", count: "int" },
    statics: { ROOT: ["object", 0] },
  });
  let next = 0;
  for (let i = 0; i < 30; i++) next = dump.instance(node, { next, count: i });
  if (segmented) dump.endSegment();
  const array = dump.objectArray("java.lang.Object[]", [next, dump.bytes(40), dump.javaString("hello")]);
  if (segmented) dump.endSegment();
  const thread = dump.instance(threadClass, { name: dump.javaString("main") });
  for (let i = 0; i < 30; i++) next = dump.instance(node, { next, count: i });
  dump.root(thread, { kind: "threadObject", thread: 1, trace });
  dump.root(array, { kind: "javaFrame", thread: 1, frame: 0 });
  dump.root(node, { kind: "stickyClass" });
  return dump.file();
}

/** Where the HEAP_DUMP_SEGMENT records start. */
function segmentOffsets(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const offsets: number[] = [];
  for (let offset = bytes.indexOf(0) + 13; offset < bytes.length; offset += 9 + view.getUint32(offset + 5)) {
    if (bytes[offset] === 0x1c) offsets.push(offset);
  }
  return offsets;
}

test.each([true, false])(
  "a dump that is cut off at any byte gives what comes before the cut (segmented: %s)",
  async (segmented) => {
    const whole = smallDump(segmented);
    const { graph } = await heapFrom(whole);
    let most = 0;
    for (let length = 0; length < whole.length; length++) {
      const found = await heapFrom(whole.subarray(0, length)).catch((error: unknown) => error);
      if (found instanceof FormatError) continue;
      if (found instanceof Error) throw found;
      const heap = found as Awaited<ReturnType<typeof heapFrom>>;
      expect(heap.graph.objectCount).toBeGreaterThanOrEqual(most);
      most = heap.graph.objectCount;
    }
    expect(most).toBe(graph.objectCount);
  },
);

test("a dump with changed bytes is read to an end, with losses named within the file", async () => {
  const whole = smallDump();
  const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const bytes = whole.slice();
      for (const [offset, value] of changes) bytes[offset] = value;
      const heap = await heapFrom(bytes).catch((error: unknown) => {
        if (error instanceof FormatError) return undefined;
        throw error;
      });
      if (heap === undefined) return;
      for (const { offset, bytes: lost, reason } of heap.file.losses) {
        expect(offset).toBeLessThanOrEqual(bytes.length);
        expect(lost).toBeGreaterThanOrEqual(0);
        expect(reason).not.toBe("");
      }
      heap.objects.read(Array.from({ length: heap.graph.objectCount }, (_, i) => i + 1));
    }),
    { seed: 20261123, numRuns: 1500 },
  );
});

test("random bytes behind a header are read to an end", async () => {
  const head = new HprofWriter().file().subarray(0, 31);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 2000 }), async (tail) => {
      const heap = await heapFrom(Uint8Array.from([...head, ...tail])).catch((error: unknown) => error);
      expect(heap instanceof Error && !(heap instanceof FormatError)).toBe(false);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("reading goes on behind a damaged record at the next ones that agree with what is known", async () => {
  const dump = new HprofWriter();
  const node = dump.javaClass({ name: "demo.Node", fields: { next: "object", count: "int" } });
  let next = 0;
  for (let i = 0; i < 100; i++) next = dump.instance(node, { next, count: i });
  dump.root(next);
  const bytes = dump.file();
  const recordBytes = 1 + 8 + 4 + 8 + 4 + 12;
  const damaged = bytes.length - 9 - 17 - 50 * recordBytes;
  expect(bytes[damaged]).toBe(0x21);
  bytes[damaged] = 0x77;
  const heap = await heapFrom(bytes);
  expect(instancesOf(heap)["demo.Node"]).toBe(99);
  expect(heap.file.losses).toEqual([
    { offset: damaged, bytes: recordBytes, reason: "expected a heap record, got tag 0x77" },
  ]);
});

test("a damaged segment costs no other segment", async () => {
  const bytes = smallDump();
  const whole = instancesOf(await heapFrom(bytes))["demo.Node"]!;
  const second = segmentOffsets(bytes)[1]!;
  bytes.fill(0xee, second + 9, second + 40);
  const heap = await heapFrom(bytes);
  expect(instancesOf(heap)["demo.Node"]).toBe(whole);
  expect(heap.file.losses.length).toBeGreaterThan(0);
});

test("without roots, which come last in a dump, what nothing references is taken for a root", async () => {
  const whole = smallDump();
  const cut = whole.subarray(0, whole.length - 9 - 9 - 17 - 17 - 3);
  const heap = await heapFrom(cut);
  expect(heap.graph.roots.length).toBeGreaterThan(0);
  expect(heap.file.losses.at(-1)?.reason ?? "").not.toBe("");
  expect(heap.file.losses.some(({ reason }) => reason.includes("GC roots were lost"))).toBe(true);
});

test("the one-scan histogram survives the same damage", async () => {
  const whole = smallDump();
  for (let length = 40; length < whole.length; length += 7) {
    const found = await histogramFrom(whole.subarray(0, length)).catch((error: unknown) => error);
    expect(found instanceof Error && !(found instanceof FormatError)).toBe(false);
  }
});

test("a name whose length is damaged costs no object, and no more bytes than the file has", async () => {
  const whole = smallDump();
  const { graph } = await heapFrom(whole);
  const view = new DataView(whole.buffer, whole.byteOffset);
  let offset = whole.indexOf(0) + 13;
  for (let record = 0; record < 8; record++) offset += 9 + view.getUint32(offset + 5);
  for (const length of [2 ** 25 + 4, 2 ** 32 - 1, 5, 40]) {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setUint32(offset + 5, length);
    const heap = await heapFrom(bytes);
    expect(heap.graph.objectCount).toBe(graph.objectCount);
    expect(heap.file.losses.reduce((sum, loss) => sum + loss.bytes, 0)).toBeLessThan(bytes.length);
  }
});
