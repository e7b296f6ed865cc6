import { expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { type HeapColumns, readHeap } from "../../../src/formats/hprof/read-heap.ts";
import { HprofWriter } from "../../hprof-writer.ts";
import { targetsOf } from "./read-bytes.ts";

function manySegments(): Uint8Array {
  const dump = new HprofWriter();
  const node = dump.javaClass({ name: "demo.Node", fields: { next: "object", value: "object" } });
  let next = 0;
  for (let segment = 0; segment < 40; segment++) {
    for (let i = 0; i < 50; i++) next = dump.instance(node, { next, value: dump.bytes(i) });
    dump.root(next);
    dump.endSegment();
  }
  return dump.file();
}

function read(bytes: Uint8Array, threads: number): Promise<HeapColumns> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const options = { sizes: "gaps", refs: "strong", dump: undefined, progress: () => undefined } as const;
  return readHeap(memorySource("drawn.hprof", shared), { ...options, threads, parallelFromBytes: 0 });
}

test("any number of threads makes the same graph", async () => {
  const bytes = manySegments();
  const alone = await read(bytes, 1);
  for (const threads of [2, 3]) {
    const together = await read(bytes, threads);
    expect(together.sizing).toEqual(alone.sizing);
    expect(together.census).toEqual(alone.census);
    expect(together.graph.roots).toEqual(alone.graph.roots);
    expect(together.graph.edgeCount).toBe(alone.graph.edgeCount);
    for (let ordinal = 1; ordinal <= alone.graph.objectCount; ordinal++) {
      expect(targetsOf(together, ordinal)).toEqual(targetsOf(alone, ordinal));
      expect(together.graph.shallowUnits[ordinal]).toBe(alone.graph.shallowUnits[ordinal]);
      expect(together.graph.classOf[ordinal]).toBe(alone.graph.classOf[ordinal]);
    }
  }
});
