import fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource } from "../../../src/bytes/byte-source.ts";
import { perfMapFormat } from "../../../src/formats/perf-map/format.ts";
import { readPerfMap } from "../../../src/formats/perf-map/perf-map.ts";

const text = `0x00007f132dcc7100 0x0000000000000460 java.lang.Object jdk.internal.misc.Unsafe.getReferenceVolatile(java.lang.Object, long)
0x00007f132dcc8b80 0x0000000000000168 long java.util.zip.Deflater.init(int, int, boolean)
0x00007f132dcc9000 0x0000000000000100 void com.acme.Wal$$Lambda/0x00007f1308001000.run()
0x00007f132dcca000 0x0000000000000100 Interpreter
7f132dccb000 80 Lcom/acme/Wal;::append
`;
const map = readPerfMap(memorySource("perf-1.map", Buffer.from(text)));

test("code is found by any address within it, and by none outside", () => {
  expect(map.nameAt(0x7f132dcc8b80)).toBe("java.util.zip.Deflater.init");
  expect(map.nameAt(0x7f132dcc8ce7)).toBe("java.util.zip.Deflater.init");
  expect(map.nameAt(0x7f132dcc8ce8)).toBeUndefined();
  expect(map.nameAt(0x1000)).toBeUndefined();
});

test("methods are in source form, other code keeps its name", () => {
  expect(map.nameAt(0x7f132dcc7101)).toBe("jdk.internal.misc.Unsafe.getReferenceVolatile");
  expect(map.nameAt(0x7f132dcc9001)).toBe("com.acme.Wal$$Lambda.run");
  expect(map.nameAt(0x7f132dcca001)).toBe("Interpreter");
  expect(map.nameAt(0x7f132dccb001)).toBe("com.acme.Wal.append");
});

test("where code was written over, the later line is right", () => {
  const again = readPerfMap(memorySource("m", Buffer.from(`1000 100 a\n1000 100 b\n1080 20 c\n`)));
  expect(again.nameAt(0x1000)).toBe("b");
  expect(again.nameAt(0x1090)).toBe("c");
  expect(again.nameAt(0x10b0)).toBe("b");
});

test("any bytes are read or left out", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(text.length), (bytes, at) => {
      const part = Buffer.concat([Buffer.from(text.slice(0, at)), bytes]);
      expect(readPerfMap(memorySource("m", part)).entries).toBeLessThanOrEqual(205);
    }),
    { seed: 4, numRuns: 200 },
  );
});

test("maps are known by all of their first lines", () => {
  expect(perfMapFormat.sniff(Buffer.from(text), "x")).toBe(true);
  for (const other of ["", "1000 100", "some text that is nothing", `${text}and more\n`]) {
    expect(perfMapFormat.sniff(Buffer.from(other), "perf-1.map"), other).toBe(false);
  }
});
