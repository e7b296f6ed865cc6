import { expect, test } from "vitest";
import { byProperty, numberIn, textIn } from "../../../src/formats/jolokia/values.ts";

const pools = {
  "java.lang:name=Metaspace,type=MemoryPool": { Type: "NON_HEAP", Usage: { used: 7, max: -1 }, CollectionUsage: null },
  "java.lang:type=MemoryPool,name=G1 Old Gen": { Type: "HEAP", Usage: { used: 8 } },
  "java.lang:type=Memory": {},
};

test("what a pattern found is told by one property of the names", () => {
  expect(byProperty(pools, "name").map(([name]) => name)).toEqual(["Metaspace", "G1 Old Gen"]);
  expect(byProperty(null, "name")).toEqual([]);
});

test("a number or text is found by its path, and is undefined where it is missing or of another kind", () => {
  const [[, metaspace] = []] = byProperty(pools, "name");
  expect(numberIn(metaspace, "Usage", "used")).toBe(7);
  expect(textIn(metaspace, "Type")).toBe("NON_HEAP");
  expect(numberIn(metaspace, "CollectionUsage", "used")).toBeUndefined();
  expect(numberIn(metaspace, "Type")).toBeUndefined();
  expect(numberIn({ Nan: null, Text: "7" }, "Nan")).toBeUndefined();
  expect(numberIn({ Nan: null, Text: "7" }, "Text")).toBeUndefined();
  expect(numberIn({}, "constructor", "length")).toBeUndefined();
  expect(textIn(undefined, "Type")).toBeUndefined();
});
