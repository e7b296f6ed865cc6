import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findVm } from "../../src/jvm/memory-maps.ts";

const line = (path: string) => `7f17bd200000-7f17bd451000 r--p 00000000 fe:00 315152      ${path}\n`;
const maps = (...paths: readonly string[]) => Buffer.from(paths.map(line).join(""));

describe("the JVM in a memory map", () => {
  test("HotSpot is its libjvm.so, with the file of its counters", () => {
    expect(findVm(maps("/usr/bin/java", "/opt/jdk/lib/server/libjvm.so", "/tmp/hsperfdata_app/1"))).toEqual({
      kind: "hotspot",
      library: { path: "/opt/jdk/lib/server/libjvm.so", isDeleted: false },
      perfFile: { path: "/tmp/hsperfdata_app/1", isDeleted: false },
    });
  });

  test("OpenJ9 maps a libjvm.so too, and is known by its own library", () => {
    const vm = findVm(maps("/opt/ibm/lib/default/libjvm.so", "/opt/ibm/lib/default/libj9vm29.so"));
    expect(vm).toMatchObject({ kind: "openj9", library: { path: "/opt/ibm/lib/default/libj9vm29.so" } });
  });

  test("a library or file that was replaced or deleted since is told so", () => {
    const vm = findVm(maps("/opt/jdk/lib/server/libjvm.so (deleted)", "/tmp/hsperfdata_app/1 (deleted)"));
    expect(vm).toMatchObject({
      library: { isDeleted: true },
      perfFile: { path: "/tmp/hsperfdata_app/1", isDeleted: true },
    });
  });

  test.each([
    "/opt/jdk/lib/libjvmcicompiler.so",
    "/data/libjvm.so.txt",
    "/home/hsperfdata_app/notes",
    "/srv/libjvm.so/data.bin",
  ])("%s is none", (path) => {
    expect(findVm(maps(path))).toBeUndefined();
  });

  test("paths with spaces and line breaks are read as the kernel writes them", () => {
    expect(findVm(maps("/opt/my\\012jdk x/lib/server/libjvm.so"))?.library.path).toBe(
      "/opt/my\njdk x/lib/server/libjvm.so",
    );
  });

  test("a map that is cut off anywhere gives an answer", () => {
    const whole = maps("/opt/jdk/lib/server/libjvm.so", "/tmp/hsperfdata_app/1");
    for (let length = 0; length <= whole.length; length++) {
      const vm = findVm(whole.subarray(0, length));
      if (vm) expect(vm.library.path).toBe("/opt/jdk/lib/server/libjvm.so");
    }
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => findVm(Buffer.from(bytes)) === undefined),
      { seed: 7 },
    );
  });
});
