import { describe, expect, test } from "vitest";
import { javaMethodOf } from "../../analyzers/native-frames.ts";
import { nativeAnalyzers } from "../../analyzers/of-native.ts";
import { analyzeEvidence } from "../../src/cli/findings.ts";
import { joinNativeHeaps } from "../../src/formats/jemalloc/join-native-heaps.ts";
import { dumpOf } from "../formats/jemalloc/read-dump.ts";

const mebibyte = 2 ** 20;

/** A dump of stacks (leaf first, `;` between) with live mebibytes; each block is one of 64 KiB that was seen. */
function dump(sequence: number, stacks: Readonly<Record<string, number>>, start = "7f00") {
  const names = [...new Set(Object.keys(stacks).flatMap((stack) => stack.split(";")))];
  const address = (name: string) => (0x1000 + 16 * names.indexOf(name)).toString(16);
  const symbols = names.map((name) => `0x${address(name)} ${name}`).join("\n");
  const rows = Object.entries(stacks).map(([stack, live]) => {
    const addresses = stack.split(";").map((name) => `0x${(Number.parseInt(address(name), 16) + 1).toString(16)}`);
    const blocks = live * 16;
    return `@ ${addresses.join(" ")}\n  t*: ${blocks}: ${blocks * 65536} [0: 0]\n`;
  });
  const maps = `${start}00000000-${start}00010000 r-xp 00000000 08:01 1 /usr/lib/libc.so.6`;
  const text = `--- symbol\n${symbols}\n---\n--- heap\nheap_v2/1\n${rows.join("")}\nMAPPED_LIBRARIES:\n${maps}\n`;
  return dumpOf(text, `je.4711.${sequence}.i${sequence}.heap`).evidence;
}

const deflater = "deflateInit2_;Java_java_util_zip_Deflater_init;Interpreter";
const compiler = "os::malloc;AllocateHeap;Compile::Compile";

function findingsOf(files: readonly ReturnType<typeof dump>[]) {
  const series = joinNativeHeaps(files);
  expect(series).toHaveLength(1);
  return analyzeEvidence({ nativeHeap: series[0]!.evidence }, nativeAnalyzers, { top: 10, showValues: false }).findings;
}

describe("a series of dumps", () => {
  test("names what grows, with the Java method that its native function implements", () => {
    const findings = findingsOf([0, 1, 2, 3, 4, 5, 6].map((n) => dump(n, { [deflater]: 40 + 20 * n, [compiler]: 30 })));
    expect(findings[0]).toMatchObject({
      rule: "native/growth",
      key: "native/growth#deflateInit2_ for java.util.zip.Deflater.init",
    });
    expect(findings[0]!.impact.value / mebibyte).toBeCloseTo(120, 6);
    expect(findings.filter(({ rule }) => rule === "native/big-holder")).toEqual([]);
  });

  test("does not take a warm-up, a swing or chance for growth", () => {
    const shapes = {
      warmUp: [5, 60, 90, 100, 100, 100, 100, 100],
      swing: [50, 90, 50, 90, 50, 90, 50, 90],
      flat: [50, 51, 50, 49, 51, 50, 50, 50],
    };
    for (const [name, values] of Object.entries(shapes)) {
      const rules = findingsOf(values.map((live, n) => dump(n, { [deflater]: live, [compiler]: 400 }))).map(
        ({ rule }) => rule,
      );
      expect(rules, name).not.toContain("native/growth");
    }
  });

  test("leaves what the JVM allocates for itself to its own accounting", () => {
    const findings = findingsOf([0, 1, 2, 3, 4].map((n) => dump(n, { [compiler]: 100 + 50 * n })));
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["native/growth", "info"]]);
  });

  test("says which dumps are missing, and keeps another process apart", () => {
    const files = [dump(0, { [compiler]: 1 }), dump(4, { [compiler]: 1 }), dump(1, { [compiler]: 1 }, "7e00")];
    const series = joinNativeHeaps(files);
    expect(series.map(({ members }) => members)).toEqual([[0, 1], [2]]);
    expect(series[0]!.evidence.notes.join()).toContain("dumps 1–3 of the series are not among the files");
    expect(series[0]!.evidence.notes.join()).toContain("another process");
  });
});

test("one dump tells what holds much, and no more than that", () => {
  const [finding, ...others] = findingsOf([dump(0, { [deflater]: 600, [compiler]: 100 })]);
  expect(finding).toMatchObject({ rule: "native/big-holder", severity: "warning" });
  expect(finding!.title).toContain("86 % of the native memory that is live");
  expect(others).toEqual([]);
  expect(findingsOf([dump(0, { [deflater]: 10, [compiler]: 10 })])).toEqual([]);
});

test("names of native functions are those of JNI", () => {
  expect(javaMethodOf("Java_java_util_zip_Deflater_init")).toBe("java.util.zip.Deflater.init");
  expect(javaMethodOf("Java_com_acme_My_1Class_call__Ljava_lang_String_2")).toBe("com.acme.My_Class.call");
  expect(javaMethodOf("Java_com_acme_A_00024B_f")).toBe("com.acme.A$B.f");
  expect(javaMethodOf("JavaMain")).toBeUndefined();
});
