import { expect, test } from "vitest";
import type { RenderOptions } from "../../src/reports/reporter.ts";
import { textReporter } from "../../src/reports/text.ts";
import { exampleReport, garbage, histogram, leak } from "./example-report.ts";

const plain: RenderOptions = { width: 110, paint: (_style, text) => text, include: [] };

test("the verdict comes first, then the sections that are shown by default, then what to trust", () => {
  expect(textReporter.render(exampleReport(), plain)).toMatchInlineSnapshot(`
    "heap.hprof   1.74 GiB · OpenJDK 17.0.15, G1 · 36,025,066 objects · 1.36 GiB reachable · read in 7.9 s

    ● CRITICAL  \`HashMap\` in \`Leaky.CACHE\` retains 1.19 GiB, 87 % of the heap                    heap/leak-suspect
        4,000,000 entries of Leaky$Entry, 318 B each
        held by          static Leaky.CACHE → HashMap.table → Node[4,194,304][*] → Node.value
        entries          4,000,000
        bytes in byte[]  756 MiB
        do               bound it or expire entries; the byte[] in Leaky$Entry.val are 62 % of it
    · INFO      19.1 MiB of the dump, 1.4 %, is garbage that no collection had reached yet
                heap/unreachable-objects
        do  Not a leak: the next collection frees it.

    Classes
      Classes by their own bytes
        class                                                        instances   shallow   share
        byte[]                                                       8,000,000   756 MiB    62 %
        org.apache.cassandra.db.memtable.TrieMemtable$MemtableShard         16  1.00 KiB  <0.1 %
        … 1,232 more rows (--top)
        all objects of the dump, unreachable ones too
      Thread \`main\`
        at Leaky.main(Leaky.java:12)
           local HashMap

      sizes learned from the dump: header 12, reference 4, alignment 8 (160 of 160 classes agree)
      more: --include dominators,jvm · --format md for an issue · --format json for a program
    "
  `);
});

test("a heap without anything serious is called well, with its biggest holder", () => {
  const text = textReporter.render(exampleReport({ findings: [garbage] }), plain);
  expect(text).toContain("✓ nothing here looks ill: the biggest holder is a `java.util.HashMap` with 1.19 GiB");
});

test("a group of objects that holds most is called well as the many that it is", () => {
  const data = [
    { className: "byte[]", instances: 125, heldBy: "Cell.value", retainedBytes: 47 * 2 ** 20, share: 0.44 },
  ];
  const suspects = { name: "suspects", title: "", data, tables: [], blocks: [], shownByDefault: false };
  const text = textReporter.render(exampleReport({ findings: [], sections: [suspects] }), { ...plain, width: 200 });
  expect(text).toContain("the biggest group are 125 `byte[]`, held by `Cell.value`, with 47.0 MiB (44 % of the heap)");
});

test("no line is wider than the terminal, whatever its width", () => {
  for (const width of [60, 72, 80, 110, 160]) {
    const lines = textReporter.render(exampleReport(), { ...plain, width }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test("packages shrink to initials only when a class name does not fit", () => {
  const narrow = textReporter.render(exampleReport(), { ...plain, width: 80 });
  expect(narrow).toContain("o.a.c.d.m.TrieMemtable$MemtableShard");
  expect(textReporter.render(exampleReport(), plain)).toContain("org.apache.cassandra.db.memtable.TrieMemtable$Mem");
});

test("sections that are asked for take the place of the default ones", () => {
  const text = textReporter.render(exampleReport(), { ...plain, include: ["dominators"] });
  expect(text).toContain("Biggest objects");
  expect(text).not.toContain("Classes by their own bytes");
});

test("colours are asked of the caller", () => {
  const text = textReporter.render(exampleReport(), { ...plain, paint: (style, part) => `<${style}>${part}</>` });
  expect(text).toContain("<red>● CRITICAL</>  <bold>`HashMap` in");
});

test("text from the dump cannot move the cursor or break a line", () => {
  const evil = { ...leak, title: "a\u001b[2Jb\nc", evidence: [] };
  const text = textReporter.render(exampleReport({ findings: [evil], sections: [histogram] }), plain);
  expect(text).toContain("a\\u001b[2Jb\\u000ac");
});

test("an input that could not be read says why", () => {
  const report = exampleReport();
  const failed = {
    name: "gone.hprof",
    error: "cannot read gone.hprof: no such file",
    findings: [],
    sections: [],
    seconds: 0,
  };
  const text = textReporter.render({ ...report, inputs: [...report.inputs, failed] }, plain);
  expect(text).toContain("gone.hprof   not read\n    cannot read gone.hprof: no such file\n");
});
