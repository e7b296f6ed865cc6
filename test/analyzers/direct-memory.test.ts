import { expect, test } from "vitest";
import { directMemory } from "../../analyzers/direct-memory.ts";
import { type Drawn, HeapDrawing, plainOptions } from "./drawn-heap.ts";

function owner(drawing: HeapDrawing, bytes: number, thunk = "java.nio.DirectByteBuffer$Deallocator"): Drawn {
  const cleaner = drawing.object("jdk.internal.ref.Cleaner", { thunk: drawing.object(thunk, { size: BigInt(bytes) }) });
  const buffer = drawing.object("java.nio.DirectByteBuffer", { cleaner, att: null, capacity: bytes });
  drawing.root(buffer, "jniGlobal");
  return buffer;
}

test("slices and duplicates own nothing; mapped files are counted apart; java.nio's own count stands beside", () => {
  const drawing = new HeapDrawing();
  const buffer = owner(drawing, 100 << 20);
  owner(drawing, 5 << 20, "sun.nio.ch.FileChannelImpl$DefaultUnmapper");
  for (const name of ["DirectByteBuffer", "DirectByteBufferR"])
    drawing.object(`java.nio.${name}`, { cleaner: null, att: buffer, capacity: 100 << 20 });
  drawing.staticField(
    "java.nio.Bits",
    "RESERVED_MEMORY",
    drawing.object("java.util.concurrent.atomic.AtomicLong", { value: BigInt(100 << 20) }),
  );
  drawing.staticField("java.nio.Bits", "MAX_MEMORY", BigInt(110 << 20));
  const { findings, sections } = directMemory.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(sections[0]!.data).toEqual({
    ownedBytes: 100 << 20,
    owners: 1,
    views: 2,
    mappedBytes: 5 << 20,
    mappings: 1,
    reservedBytes: 100 << 20,
    limitBytes: 110 << 20,
    isComplete: true,
  });
  expect(findings).toMatchObject([
    {
      rule: "heap/direct-memory",
      severity: "warning",
      title: "1 direct buffer holds 100 MiB outside the heap, 91 % of what java.nio may reserve",
    },
  ]);
  expect(drawing.calls).toEqual({ read: 1, labels: 0, strings: 0 });
});
