import { expect, test } from "vitest";
import { heapDominators } from "../../analyzers/heap-dominators.ts";
import type { Section } from "../../src/model/section.ts";
import { HeapDrawing, plainOptions } from "./drawn-heap.ts";

function sectionsOf(drawing: HeapDrawing): Record<string, Section> {
  return Object.fromEntries(
    heapDominators
      .analyze({ heap: drawing.evidence() }, plainOptions)
      .sections.map((section) => [section.name, section]),
  );
}

test("what hangs on a class is listed by itself, with who holds it; its class object is looked through", () => {
  const drawing = new HeapDrawing();
  drawing.staticField("com.acme.Cache", "map", drawing.object("java.util.HashMap", { table: drawing.bytes(10_000) }));
  drawing.root(drawing.object("com.acme.Native", {}, 1000), "jniGlobal");
  const { dominators } = sectionsOf(drawing);
  const row = { isLookedThrough: false };
  expect(dominators!.data).toMatchObject({
    objects: [
      { className: "java.lang.Class", represents: "com.acme.Cache", retainedBytes: 10_056, isLookedThrough: true },
      {
        ...row,
        className: "java.util.HashMap",
        inside: "class Cache",
        heldBy: "Cache.map",
        shallowBytes: 24,
        retainedBytes: 10_040,
      },
      { ...row, className: "com.acme.Native", heldBy: "JNI global Native", retainedBytes: 1000 },
    ],
    classes: [
      { className: "java.lang.Class", objects: 1, retainedBytes: 10_056 },
      { className: "com.acme.Native", objects: 1, retainedBytes: 1000 },
    ],
  });
  expect(dominators!.tables[0]!.rows.map(([name, holder]) => [name, holder])).toEqual([
    ["java.util.HashMap", "Cache.map"],
    ["com.acme.Native", "JNI global Native"],
  ]);
  expect(drawing.calls).toEqual({ read: 0, labels: 1, strings: 0 });
});

test("packages include those below them, and a package that only leads to another is left out", () => {
  const drawing = new HeapDrawing();
  for (const [name, bytes] of [
    ["org.acme.a.Foo", 1000],
    ["org.acme.b.Bar", 3000],
    ["Lone", 2000],
  ] as const) {
    drawing.root(drawing.object(name, {}, bytes), "jniGlobal");
  }
  expect(sectionsOf(drawing).packages!.data).toEqual([
    { package: "org.acme", objects: 2, retainedBytes: 4000, share: 2 / 3 },
    { package: "org.acme.b", objects: 1, retainedBytes: 3000, share: 0.5 },
    { package: "(no package)", objects: 1, retainedBytes: 2000, share: 1 / 3 },
    { package: "org.acme.a", objects: 1, retainedBytes: 1000, share: 1 / 6 },
  ]);
});
