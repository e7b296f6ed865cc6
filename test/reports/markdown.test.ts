import { expect, test } from "vitest";
import { markdownReporter } from "../../src/reports/markdown.ts";
import { exampleReport, histogram, leak } from "./example-report.ts";

const options = { width: 100, paint: (_style: string, text: string) => text, include: [] };

test("findings lie open and sections are folded", () => {
  expect(markdownReporter.render(exampleReport(), options)).toMatchInlineSnapshot(`
    "## \`heap.hprof\`

    1.74 GiB · OpenJDK 17.0.15, G1 · 36,025,066 objects · 1.36 GiB reachable

    ### 🔴 critical: \`HashMap\` in \`Leaky.CACHE\` retains 1.19 GiB, 87 % of the heap

    - 4,000,000 entries of Leaky$Entry, 318 B each
    - held by: \`static Leaky.CACHE → HashMap.table → Node[4,194,304][*] → Node.value\`
    - entries: 4,000,000
    - bytes in byte[]: 756 MiB
    - **do:** bound it or expire entries; the byte[] in Leaky$Entry.val are 62 % of it

    <sub>heap/leak-suspect</sub>

    ### ℹ️ info: 19.1 MiB of the dump, 1.4 %, is garbage that no collection had reached yet

    - **do:** Not a leak: the next collection frees it.

    <sub>heap/unreachable-objects</sub>

    <details><summary>Classes</summary>

    **Classes by their own bytes**

    | class | instances | shallow | share |
    | --- | ---: | ---: | ---: |
    | \`byte[]\` | 8,000,000 | 756 MiB | 62 % |
    | \`org.apache.cassandra.db.memtable.TrieMemtable$MemtableShard\` | 16 | 1.00 KiB | &lt;0.1 % |

    … 1,232 more rows

    all objects of the dump, unreachable ones too

    **Thread \`main\`**

    \`\`\`text
    at Leaky.main(Leaky.java:12)
       local HashMap
    \`\`\`

    </details>

    <sub>sizes learned from the dump: header 12, reference 4, alignment 8 (160 of 160 classes agree)</sub>

    <sub>jprof 0.1.0</sub>
    "
  `);
});

test("a section that was asked for is open", () => {
  const text = markdownReporter.render(exampleReport(), { ...options, include: ["dominators"] });
  expect(text).toContain("<details open><summary>Biggest objects</summary>");
});

test("text from the dump stays text: no tags, links, mentions, tables or fences", () => {
  const evil = { ...leak, title: "<img src=x> @all [a](http://b) #1 *x* | y", evidence: [] };
  const blocks = [{ title: "T", lines: ["```", "</details>"] }];
  const rows = [["a`b|c", 1, 2, 0.5]];
  const section = { ...histogram, blocks, tables: [{ ...histogram.tables[0]!, rows }] };
  const text = markdownReporter.render(exampleReport({ findings: [evil], sections: [section] }), options);
  expect(text).toContain("&lt;img src=x&gt; @\u200ball [a]\\(http://b) \\#1 \\*x\\* | y");
  expect(text).toContain("````text\n```\n</details>\n````");
  expect(text).toContain("| `` a`b\\|c `` | 1 | 2 B | 50 % |");
});
