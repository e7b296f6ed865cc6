import type { Finding } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import { type GcHistory, type GcRule, ofRecordings } from "./gc-history.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.humongous;

/** Objects of half a region or more, which G1 keeps in regions of their own. */
export const gcHumongousRule: GcRule = {
  name: "gc-humongous",
  description: "collections that objects of half a G1 region or more caused, and who allocates them",
  findings: findingsOf,
};
export const gcHumongous = ofRecordings(gcHumongousRule);

function findingsOf(history: GcHistory): Finding[] {
  const { regionBytes: region, collector, sources } = history;
  if (collector !== "G1") return [];
  const young = history.collections.filter(({ name }) => /^(?:G1New|Pause (?:Young|Initial Mark|Mixed))/.test(name));
  const humongous = young.filter(({ cause }) => /Humongous/.test(cause));
  if (humongous.length < limits.collections) return [];
  const share = humongous.length / young.length;
  const judged = judge(share, limits.share);
  if (judged === undefined) return [];
  return [
    findingOf({
      rule: "gc/humongous",
      ...(humongous.length * 60 < limits.warningPerMinute * history.durationSeconds ? atMost("info", judged) : judged),
      title: `Big objects caused ${humongous.length} of ${formatNumberOf(young.length, "collection")} (${formatPercent(share)})${region === undefined ? "" : `: objects of ${formatBytes(region / 2)} or more fill regions of their own`}`,
      impact: { value: humongous.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0), unit: "seconds" },
      evidence: [
        ...(region === undefined ? [] : [fact("region", region, "bytes", sources.region)]),
        ...history.bigObjectFacts,
      ],
      advice: adviceFor(history),
    }),
  ];
}

function adviceFor({ largestBytes: largest, regionBytes: region, what }: GcHistory): string {
  const wanted = [1, 2, 4, 8, 16, 32].map((mebibytes) => mebibytes * 2 ** 20).find((bytes) => bytes > largest * 2);
  if (largest > 0 && wanted !== undefined && region !== undefined && wanted > region) {
    return `Set -XX:G1HeapRegionSize=${wanted / 2 ** 20}m, more than twice the biggest such object seen (${formatBytes(largest)}), if the heap has room for it; or allocate smaller pieces.`;
  }
  return `Make -XX:G1HeapRegionSize (up to 32m) more than twice the size of these objects, or allocate smaller pieces; ${
    what === "log"
      ? "-Xlog:gc+humongous=debug would tell their sizes, a recording who allocates them"
      : "jdk.ObjectAllocationOutsideTLAB or jdk.AllocationRequiringGC would tell who allocates them"
  }.`;
}
