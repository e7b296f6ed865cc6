import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openFile } from "../../../src/bytes/byte-source.ts";
import { readHeap } from "../../../src/formats/hprof/read-heap.ts";
import { shallowBytesOf } from "../../../src/model/heap-graph.ts";
import { HprofWriter } from "../../hprof-writer.ts";
import { instancesOf, ordinalOf } from "./read-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "jprof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const contentBytes = 2 ** 33;

/** A dump in one HEAP_DUMP of 8 GiB and a bit, whose 32-bit length has overflowed twice; the long[] in it is a hole in a sparse file. */
function writeHugeDump(): { path: string; arrayId: number; lastId: number } {
  const dump = new HprofWriter({ segmented: false });
  dump.javaClass({ name: "demo.Node", fields: { next: "object" } });
  const small = dump.bytes(10);
  dump.root(small);
  const start = dump.file();
  const view = new DataView(start.buffer, start.byteOffset);
  let heap = start.indexOf(0) + 13;
  while (start[heap] !== 0x0c) heap += 9 + view.getUint32(heap + 5);
  const [arrayId, lastId] = [small + 0x1000, small + 0x1000 + contentBytes + 64];
  const array = Buffer.alloc(1 + 8 + 4 + 4 + 1);
  array.writeUInt8(0x23);
  array.writeBigUInt64BE(BigInt(arrayId), 1);
  array.writeUInt32BE(contentBytes / 8, 13);
  array.writeUInt8(11, 17);
  const end = Buffer.alloc(18 + 17);
  end.writeUInt8(0x23);
  end.writeBigUInt64BE(BigInt(lastId), 1);
  end.writeUInt8(8, 17);
  end.writeUInt8(0x01, 18);
  end.writeBigUInt64BE(BigInt(arrayId), 19);
  view.setUint32(heap + 5, (start.length - heap - 9 + array.length + contentBytes + end.length) % 2 ** 32);
  const path = join(folder, "huge.hprof");
  const file = openSync(path, "w");
  writeSync(file, start, 0, start.length, 0);
  writeSync(file, array, 0, array.length, start.length);
  writeSync(file, end, 0, end.length, start.length + array.length + contentBytes);
  closeSync(file);
  return { path, arrayId, lastId };
}

test("one HEAP_DUMP of more than 4 GiB is read to its end, although its length has overflowed", async () => {
  const { path, arrayId, lastId } = writeHugeDump();
  const source = openFile(path);
  const options = { sizes: "gaps", refs: "strong", dump: undefined, progress: () => undefined } as const;
  const heap = await readHeap(source, { ...options, threads: 1 });
  expect(heap.file.losses).toEqual([]);
  expect(instancesOf(heap)).toMatchObject({ "long[]": 1, "byte[]": 2 });
  expect(shallowBytesOf(heap.graph, ordinalOf(heap, arrayId))).toBe(contentBytes + 16);
  expect([...heap.graph.roots]).toContain(ordinalOf(heap, arrayId));
  expect(heap.objects.idOf(heap.graph.objectCount)).toBe(`0x${lastId.toString(16)}`);
  source.close();
});
