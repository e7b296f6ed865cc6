import { expect, test } from "vitest";
import { reachability } from "../../analyzers/reachability.ts";
import { heapSummaryOf } from "../../src/cli/heap-summary.ts";
import { type Drawn, HeapDrawing, plainOptions } from "./drawn-heap.ts";

function referenceTo(drawing: HeapDrawing, referent: Drawn, strength: "soft" | "weak" | "finalizer"): void {
  const reference = drawing.object(`java.lang.ref.${strength}`);
  drawing.root(reference, "jniGlobal");
  drawing.weak(reference, referent, strength);
}

test("every strength is counted with its classes, garbage too", () => {
  const drawing = new HeapDrawing();
  referenceTo(drawing, drawing.bytes(1000), "soft");
  drawing.object("Lost", {}, 64);
  const { sections, findings } = reachability.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings).toEqual([]);
  expect(sections[0]!.data).toMatchObject({
    strong: { objects: 1, bytes: 16 },
    soft: { objects: 1, bytes: 1016, topClasses: [{ className: "byte[]", objects: 1, bytes: 1016 }] },
    weak: { objects: 0, bytes: 0, topClasses: [] },
    unreachable: { objects: 1, bytes: 64, topClasses: [{ className: "Lost", objects: 1, bytes: 64 }] },
  });
  expect(sections[0]!.shownByDefault).toBe(true);
});

test("much garbage, a big soft cache and big weak values are told, and none is an illness", () => {
  const drawing = new HeapDrawing();
  referenceTo(drawing, drawing.bytes(20 << 20), "soft");
  referenceTo(drawing, drawing.bytes(20 << 20), "weak");
  drawing.bytes(40 << 20);
  const { findings } = reachability.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings.map(({ rule, severity, title }) => [rule, severity, title])).toEqual([
    ["heap/unreachable-objects", "info", "40.0 MiB of the dump, 50 %, is garbage that no collection had reached yet"],
    [
      "heap/softly-reachable",
      "info",
      "20.0 MiB, 25 % of the dump, is held by SoftReferences only: a cache that gives way before the heap runs out",
    ],
    [
      "heap/weakly-reachable",
      "info",
      "20.0 MiB, 25 % of the dump, is held by WeakReferences only and goes with the next collection",
    ],
  ]);
});

test("a backlog of finalizers is a warning that names the class to close", () => {
  const drawing = new HeapDrawing();
  for (let i = 0; i < 10_000; i++) referenceTo(drawing, drawing.object("com.acme.LogFile"), "finalizer");
  const { findings } = reachability.analyze({ heap: drawing.evidence() }, plainOptions);
  expect(findings).toMatchObject([
    {
      rule: "heap/finalizer-backlog",
      severity: "warning",
      title: "10,000 objects with 156 KiB wait for their finalizer, most of them LogFile",
    },
  ]);
});

test("fillers of the collector are no garbage", () => {
  const drawing = new HeapDrawing();
  drawing.root(drawing.object("Held", {}, 64), "jniGlobal");
  drawing.object("Lost", {}, 64);
  drawing.object("Hole", {}, 1024);
  const drawn = drawing.evidence();
  const heap = {
    ...drawn,
    classes: drawn.classes.map((each) => ({ ...each, filler: each.name === "Hole" })),
  };
  const { sections } = reachability.analyze({ heap }, plainOptions);
  expect(sections[0]!.data).toMatchObject({
    strong: { bytes: 64, share: 0.5 },
    unreachable: { objects: 1, bytes: 64, share: 0.5, topClasses: [{ className: "Lost" }] },
  });
  expect(heapSummaryOf("drawn", heap)).toMatchObject({
    objects: 2,
    shallowBytes: 128,
    reachableBytes: 64,
    unreachableBytes: 64,
  });
});
