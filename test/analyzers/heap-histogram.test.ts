import { expect, test } from "vitest";
import { heapHistogram, scanHistogram } from "../../analyzers/heap-histogram.ts";
import type { HeapEvidence } from "../../src/model/heap-evidence.ts";
import { HeapDrawing, plainOptions } from "./drawn-heap.ts";

function drawn(): HeapEvidence {
  const drawing = new HeapDrawing();
  drawing.staticField(
    "A",
    "list",
    drawing.array("Foo[]", [drawing.object("Foo", { next: null }), drawing.object("Foo")]),
  );
  drawing.object("Lost", {}, 64);
  return drawing.evidence();
}

test("classes are listed by their own bytes then name, unreachable objects too, with what they retain", () => {
  const [section] = heapHistogram.analyze({ heap: drawn() }, plainOptions).sections;
  expect(section!.data).toEqual({
    classes: [
      { className: "Lost", instances: 1, shallowBytes: 64, retainedBytes: 0 },
      { className: "Foo", instances: 2, shallowBytes: 40, retainedBytes: 40 },
      { className: "Foo[]", instances: 1, shallowBytes: 32, retainedBytes: 72 },
      { className: "java.lang.Class", instances: 1, shallowBytes: 16, retainedBytes: 88 },
    ],
    omittedClasses: 0,
    omittedShallowBytes: 0,
    fillers: { objects: 0, bytes: 0 },
  });
});

test("classes of one name from two loaders are one row; fillers are counted apart", () => {
  const { classes, ...evidence } = drawn();
  const renamed = classes.map((each) =>
    each.name === "Lost" ? { ...each, name: "Foo" } : each.name === "Foo[]" ? { ...each, filler: true } : each,
  );
  const histogram = { ...evidence, classes: renamed };
  const [section] = scanHistogram.analyze({ histogram }, { ...plainOptions, top: 1 }).sections;
  expect(section).toMatchObject({
    data: {
      classes: [
        { className: "Foo", instances: 3, shallowBytes: 104, loaders: 2 },
        { className: "java.lang.Class", instances: 1, shallowBytes: 16 },
      ],
      fillers: { objects: 1, bytes: 32 },
    },
    tables: [{ rows: [["Foo", 3, 104]], omittedRows: 1 }],
    shownByDefault: true,
  });
});
