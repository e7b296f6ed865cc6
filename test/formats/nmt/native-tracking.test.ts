import { describe, expect, test } from "vitest";
import { nativeAnalyzers } from "../../../analyzers/of-native.ts";
import { memorySource, openFile } from "../../../src/bytes/byte-source.ts";
import { analyzeEvidence } from "../../../src/cli/findings.ts";
import { nmtFormat } from "../../../src/formats/nmt/format.ts";
import { joinNativeTracking, readNativeTracking } from "../../../src/formats/nmt/read-native-tracking.ts";
import { FormatError } from "../../../src/model/errors.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";

const read = (text: string, name = "nmt.txt") => readNativeTracking(memorySource(name, Buffer.from(text)));
const options = { top: 10, showValues: false };

const diff = `4711:

Native Memory Tracking:

Total: reserved=1258291200 +125829120, committed=314572800 +125829120

-                 Java Heap (reserved=1073741824, committed=134217728)
                            (mmap: reserved=1073741824, committed=134217728)

-                     Other (reserved=184549376 +125829120, committed=180355072 +125829120)
                            (malloc=180355072 +125829120 #900 +600)

`;

describe("a report", () => {
  test("that was appended to another is a second one", () => {
    expect(read(`${diff}${diff}`).reports).toHaveLength(2);
  });

  test("of a JVM that does not track is refused with the JVM's reason", () => {
    expect(() => read("Native Memory Tracking:\n")).not.toThrow();
    expect(() => read("7:\nNative memory tracking is not enabled\n")).toThrow(FormatError);
  });

  test("is known by its first lines", () => {
    expect(nmtFormat.sniff(Buffer.from(diff), "x")).toBe(true);
    expect(nmtFormat.sniff(Buffer.from("#\n# Native Memory Tracking:\n"), "nmt.txt")).toBe(false);
  });
});

test("growth since the baseline is said, of anything but the heap", () => {
  const { findings, sections } = analyzeEvidence({ nativeMemory: read(diff) }, nativeAnalyzers, options);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({
    rule: "native/category-growth",
    key: "native/category-growth#Other",
    severity: "warning",
  });
  expect(findings[0]!.title).toContain("120 MiB more since the baseline");
  expect(sections[0]!.data).toMatchObject({
    categories: [
      { name: "Other", committedBytes: 180355072, mallocBytes: 180355072, mmapBytes: 0 },
      { name: "Java Heap", reservedBytes: 1073741824, committedBytes: 134217728, mmapBytes: 134217728 },
    ],
  });
});

test("reports of one JVM in several files are one series, in the order of time", () => {
  const files = [3, 1, 2].map((minute) => {
    const evidence = read(diff.replaceAll("180355072", String(180355072 + minute * 2 ** 26)), `${minute}.txt`);
    return { ...evidence, reports: evidence.reports.map((report) => ({ ...report, takenAtMillis: minute * 60_000 })) };
  });
  const [series, ...others] = joinNativeTracking(files);
  expect(others).toEqual([]);
  expect(series!.members).toEqual([1, 2, 0]);
  const { findings } = analyzeEvidence({ nativeMemory: series!.evidence }, nativeAnalyzers, options);
  expect(findings[0]!.title).toContain("128 MiB more over 3 reports");
});

test(`real reports of two JDKs add up${noCorpus}`, { skip: !hasCorpus }, () => {
  const names = ["nmt17_summary", "nmt17_detail", "nmt17_summarydiff", "nmt17_detaildiff"];
  for (const name of [...names, ...names.map((each) => each.replace("17", "25"))]) {
    const source = openFile(corpusFile("native", `${name}.txt`));
    const [report] = readNativeTracking(source).reports;
    source.close();
    expect(Math.abs(report!.reservedGapBytes), name).toBeLessThanOrEqual(report!.roundingBytes);
    expect(Math.abs(report!.committedGapBytes), name).toBeLessThanOrEqual(report!.roundingBytes);
    expect(report!.isDiff, name).toBe(name.includes("diff"));
  }
});
