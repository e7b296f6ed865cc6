import { expect, test } from "vitest";
import { allocatedBytesByMBeans, memoryByMBeans } from "../../collectors/mbean-memory.ts";
import { fakeTarget } from "./fake-target.ts";

const { signal } = new AbortController();

test("pools have their usage, and no limit where the JVM says -1", async () => {
  const target = fakeTarget({
    mbeans: {
      "java.lang:type=Memory": { HeapMemoryUsage: { init: 64, committed: 50, max: 64, used: 30 } },
      "java.lang:type=MemoryPool,name=*": {
        "java.lang:name=G1 Eden Space,type=MemoryPool": {
          Type: "HEAP",
          Usage: { init: 14, committed: 6, max: -1, used: 2 },
          CollectionUsage: { init: 14, committed: 6, max: -1, used: 0 },
        },
        "java.lang:name=Metaspace,type=MemoryPool": {
          Type: "NON_HEAP",
          Usage: { init: 0, committed: 8, max: -1, used: 7 },
          CollectionUsage: null,
        },
      },
    },
  });
  expect(await memoryByMBeans(target, signal)).toMatchObject({
    ok: true,
    value: {
      heap: { init: 64, committed: 50, limit: 64, used: 30 },
      pools: [
        { name: "G1 Eden Space", type: "heap", used: 2, committed: 6, limit: undefined, init: 14, usedAfterLastGc: 0 },
        { name: "Metaspace", type: "non_heap", used: 7, committed: 8, init: 0, usedAfterLastGc: undefined },
      ],
    },
  });
});

test("without the heap or its pools there is no answer, with the reason of what is missing", async () => {
  const heap = { "java.lang:type=Memory": { HeapMemoryUsage: { init: 1, committed: 1, max: 1, used: 1 } } };
  expect(await memoryByMBeans(fakeTarget({ mbeans: heap }), signal)).toMatchObject({
    ok: false,
    reason: "no MBean java.lang:type=MemoryPool,name=*",
  });
});

test("allocation is told where the JDK counts it", async () => {
  const threading = "java.lang:type=Threading";
  const told = fakeTarget({ mbeans: { [threading]: { TotalThreadAllocatedBytes: 1_412_719_384 } } });
  expect(await allocatedBytesByMBeans(told, signal)).toMatchObject({ ok: true, value: 1_412_719_384 });
  const off = fakeTarget({ mbeans: { [threading]: { TotalThreadAllocatedBytes: -1 } } });
  expect(await allocatedBytesByMBeans(off, signal)).toMatchObject({ ok: false });
});
