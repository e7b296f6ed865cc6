import { expect, test } from "vitest";
import { damagedDump } from "../../analyzers/damaged-dump.ts";
import { HeapDrawing, plainOptions } from "./drawn-heap.ts";

test("a whole file has no finding and an empty list of losses", () => {
  const { findings, sections } = damagedDump.analyze({ heap: new HeapDrawing().evidence() }, plainOptions);
  expect(findings).toEqual([]);
  expect(sections).toMatchObject([
    { name: "losses", data: { lostBytes: 0, count: 0, losses: [] }, shownByDefault: false },
  ]);
});

test("a cut-off file is a warning with offset, bytes and reason", () => {
  const losses = [{ offset: 900, bytes: 100, reason: "the file ends inside a record" }];
  const { findings, sections } = damagedDump.analyze({ heap: new HeapDrawing().evidence({ losses }) }, plainOptions);
  expect(findings).toMatchObject([
    {
      rule: "heap/damaged-dump",
      key: "heap/damaged-dump",
      severity: "warning",
      title: "100 B of the dump, 10 %, could not be read, from byte 900: the file ends inside a record",
      impact: { value: 100, unit: "bytes" },
    },
  ]);
  expect(sections).toMatchObject([{ data: { lostBytes: 100, count: 1, losses }, shownByDefault: true }]);
});
