import type { Finding } from "../../src/model/finding.ts";
import type { HeapSummary, InputReport, Report } from "../../src/model/report.ts";
import type { Section } from "../../src/model/section.ts";

/** The report that every test of a reporter begins with: a leak, a warning, and a table. */
export function exampleReport(changes: Partial<InputReport> = {}): Report {
  return { tool: { name: "jprof", version: "0.1.0" }, inputs: [{ ...input, ...changes }] };
}

const summary: HeapSummary = {
  kind: "heap",
  input: "heap.hprof",
  objects: 36_025_066,
  reachableObjects: 36_000_000,
  shallowBytes: 1_480_000_000,
  reachableBytes: 1_460_000_000,
  unreachableBytes: 20_000_000,
  classes: 1_234,
  idBytes: 8,
  lostBytes: 0,
  format: "JAVA PROFILE 1.0.2",
  takenAtMillis: 1_700_000_000_000,
  dump: 1,
  dumps: 1,
  sizing: {
    method: "gaps",
    headerBytes: 12,
    referenceBytes: 4,
    alignmentBytes: 8,
    confidence: 1,
    classesAgreeing: 160,
    classesCompared: 160,
  },
};

export const leak: Finding = {
  rule: "heap/leak-suspect",
  key: "heap/leak-suspect:Leaky.CACHE",
  severity: "critical",
  score: 87,
  title: "`HashMap` in `Leaky.CACHE` retains 1.19 GiB, 87 % of the heap",
  impact: { value: 1_277_752_770, unit: "bytes" },
  evidence: [
    { label: "", value: "4,000,000 entries of Leaky$Entry, 318 B each", unit: "text", source: "sections.suspects[0]" },
    {
      label: "held by",
      value: "static Leaky.CACHE → HashMap.table → Node[4,194,304][*] → Node.value",
      unit: "text",
      source: "sections.suspects[0].path",
    },
    { label: "entries", value: 4_000_000, unit: "count", source: "sections.suspects[0]" },
    { label: "bytes in byte[]", value: 792_206_717, unit: "bytes", source: "sections.suspects[0]" },
  ],
  advice: "bound it or expire entries; the byte[] in Leaky$Entry.val are 62 % of it",
  docs: "rules/heap-leak-suspect.md",
};

export const garbage: Finding = {
  rule: "heap/unreachable-objects",
  key: "heap/unreachable-objects",
  severity: "info",
  score: 1,
  title: "19.1 MiB of the dump, 1.4 %, is garbage that no collection had reached yet",
  impact: { value: 20_000_000, unit: "bytes" },
  evidence: [],
  advice: "Not a leak: the next collection frees it.",
  docs: "rules/heap-unreachable-objects.md",
};

export const histogram: Section = {
  name: "histogram",
  title: "Classes",
  data: {
    classes: [
      { className: "byte[]", instances: 8_000_000, shallowBytes: 792_206_717, retainedBytes: 792_206_717 },
      {
        className: "org.apache.cassandra.db.memtable.TrieMemtable$MemtableShard",
        instances: 16,
        shallowBytes: 1_024,
        retainedBytes: 99_999,
      },
    ],
  },
  tables: [
    {
      title: "Classes by their own bytes",
      columns: [
        { title: "class", kind: "className" },
        { title: "instances", kind: "count" },
        { title: "shallow", kind: "bytes" },
        { title: "share", kind: "ratio" },
      ],
      rows: [
        ["byte[]", 8_000_000, 792_206_717, 0.62],
        ["org.apache.cassandra.db.memtable.TrieMemtable$MemtableShard", 16, 1_024, 0.000001],
      ],
      omittedRows: 1_232,
      note: "all objects of the dump, unreachable ones too",
    },
  ],
  blocks: [{ title: "Thread `main`", lines: ["at Leaky.main(Leaky.java:12)", "   local HashMap"] }],
  shownByDefault: true,
};

export const dominators: Section = {
  name: "dominators",
  title: "Biggest objects",
  data: {
    objects: [{ className: "java.util.HashMap", objectId: "0x7f00", shallowBytes: 48, retainedBytes: 1_277_752_770 }],
  },
  tables: [],
  blocks: [],
  shownByDefault: false,
};

const jvm: Section = {
  name: "jvm",
  title: "The JVM",
  data: { name: "OpenJDK", version: "17.0.15", collector: "G1", arguments: [], properties: [] },
  tables: [],
  blocks: [],
  shownByDefault: false,
};

const input: InputReport = {
  name: "heap.hprof",
  format: "hprof",
  fileBytes: 1_868_310_773,
  summary,
  findings: [leak, garbage],
  sections: [histogram, dominators, jvm],
  seconds: 7.94,
};
