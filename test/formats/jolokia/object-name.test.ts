import fc from "fast-check";
import { expect, test } from "vitest";
import { parseObjectName, propertyOf } from "../../../src/formats/jolokia/object-name.ts";

test("a name has a domain and properties, in any order", () => {
  const name = parseObjectName("java.lang:name=G1 Old Gen,type=MemoryPool");
  expect(name).toMatchObject({ domain: "java.lang", isPattern: false, exactKeys: ["name", "type"] });
  expect(propertyOf("java.lang:type=MemoryPool,name=CodeHeap 'non-nmethods'", "name")).toBe("CodeHeap 'non-nmethods'");
  expect(propertyOf("java.lang:type=Memory", "name")).toBeUndefined();
  expect(propertyOf("a:path=/a/b,k=x", "path")).toBe("/a/b");
});

test("a quoted value may hold anything, and is given without its quotes", () => {
  const name = String.raw`kafka.server:type=fetch,client-id="a,b=\"c\":d\*\?\\e\nf"`;
  expect(propertyOf(name, "client-id")).toBe('a,b="c":d*?\\e\nf');
  expect(parseObjectName(name)?.isPattern).toBe(false);
});

test("a wildcard in a value, a domain, or in place of more properties makes a pattern", () => {
  expect(parseObjectName("java.lang:type=MemoryPool,name=*")).toMatchObject({ isPattern: true, exactKeys: ["type"] });
  expect(parseObjectName("java.lang:type=MemoryPool,*")).toMatchObject({ isPattern: true, exactKeys: ["type"] });
  expect(parseObjectName("java.lang:*")).toMatchObject({ isPattern: true, exactKeys: [] });
  expect(parseObjectName("*:type=Memory")).toMatchObject({ isPattern: true, exactKeys: ["type"] });
  expect(parseObjectName('a:name="x*"')).toMatchObject({ isPattern: true, exactKeys: [] });
  expect(parseObjectName("a:name=x?")).toMatchObject({ isPattern: true });
});

test.each([
  "",
  "bad name",
  "java.lang",
  "java.lang:",
  "java.lang:type",
  "java.lang:type=",
  "java.lang:=x",
  "java.lang:type=a,",
  "java.lang:type=a,,name=b",
  "java.lang:type=a,type=b",
  'java.lang:type="a',
  String.raw`java.lang:type="a\x"`,
  'java.lang:type=a"b',
  "java.lang:type=a:b",
  "java.lang:*,type=a",
  "java\nlang:type=a",
])("%j is no name", (text) => {
  expect(parseObjectName(text)).toBeUndefined();
});

test("any text is a name or none, at once", () => {
  const piece = fc.constantFrom("a", ":", "=", ",", "*", "?", '"', "\\", "\n", "type=x", '"q"');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const name = parseObjectName(pieces.join(""));
      expect(name === undefined || name.properties.size > 0 || name.isPattern).toBe(true);
    }),
    { seed: 7, numRuns: 3_000 },
  );
});
