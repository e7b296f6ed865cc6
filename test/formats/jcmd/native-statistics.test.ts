import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseNativeStatistics } from "../../../src/formats/jcmd/native-statistics.ts";
import { corpusFile, hasCorpus, noCorpus } from "../../corpus.ts";

test.skipIf(!hasCorpus)(`the statistics of the tracking can be read${noCorpus}`, () => {
  const text = readFileSync(corpusFile("native", "nmt25_statistics.txt"), "utf8");
  expect(parseNativeStatistics(text)).toEqual({
    level: "detail",
    tableSize: 4099,
    sites: 1879,
    emptySites: 212,
    longestChain: 5,
    sitesByDepth: [0, 2, 1, 7, 1869],
  });
  expect(parseNativeStatistics("")).toMatchObject({ level: undefined, sitesByDepth: [] });
});

test("the statistics of JDK 17 name some of it otherwise (real, shortened)", () => {
  const text = `Native Memory Tracking Statistics:
State: detail
Malloc allocation site table size: 511
             Tracking stack depth: 4

Malloc allocation site table:
\tTotal entries: 1513
\tEmpty entries: 113 (7.47%)

Hash distribution:
26 buckets are empty.
most entries: 8.

Call stack depth distribution:
\t0: 0
\t1: 7
\t2: 1506
`;
  expect(parseNativeStatistics(text)).toEqual({
    level: "detail",
    tableSize: 511,
    sites: 1513,
    emptySites: 113,
    longestChain: 8,
    sitesByDepth: [0, 7, 1506],
  });
});
