import type { Analyzer } from "../src/model/analyzer.ts";
import type { Finding, FindingEvidence } from "../src/model/finding.ts";
import { formatBytes, formatNumberOf, formatPercent } from "../src/model/format-number.ts";
import type { RecordingEvidence } from "../src/model/recording.ts";
import { eventsOf, rowsOf, valuesOf } from "./event-rows.ts";
import { collectionsOf } from "./gc-collections.ts";
import { atMost, fact, findingOf, judge } from "./judgement.ts";
import { flagNumber, flagsOf } from "./recorded-flags.ts";
import { callPath, groupedBy } from "./recorded-stacks.ts";
import { jvmThresholds } from "./thresholds-jvm.ts";

const limits = jvmThresholds.gc.humongous;

/** Objects of half a region or more, which G1 keeps in regions of their own. */
export const gcHumongous: Analyzer<"recording"> = {
  name: "gc-humongous",
  description: "collections that objects of half a G1 region or more caused, and who allocates them",
  needs: ["recording"],
  analyze: ({ recording }) => ({ findings: findingsOf(recording), sections: [] }),
};

function findingsOf(recording: RecordingEvidence): Finding[] {
  const collections = collectionsOf(recording).filter(({ name }) => name.startsWith("G1"));
  const young = collections.filter(({ name }) => name !== "G1Old");
  const humongous = young.filter(({ cause }) => /Humongous/.test(cause));
  if (humongous.length < limits.collections) return [];
  const share = humongous.length / young.length;
  const judged = judge(share, limits.share);
  if (judged === undefined) return [];
  const region = flagNumber(flagsOf(recording), "G1HeapRegionSize");
  return [
    findingOf({
      rule: "gc/humongous",
      ...(humongous.length * 60 < limits.warningPerMinute * recording.durationSeconds
        ? atMost("info", judged)
        : judged),
      title: `Big objects caused ${humongous.length} of ${formatNumberOf(young.length, "collection")} (${formatPercent(share)})${region === undefined ? "" : `: objects of ${formatBytes(region / 2)} or more fill regions of their own`}`,
      impact: { value: humongous.reduce((sum, { pauseSeconds }) => sum + pauseSeconds, 0), unit: "seconds" },
      evidence: [
        ...(region === undefined ? [] : [fact("region", region, "bytes", "jdk.UnsignedLongFlag G1HeapRegionSize")]),
        ...siteFacts(recording, region),
      ],
      advice: adviceFor(recording, region),
    }),
  ];
}

/** Allocations of big objects that the recording has seen: those that began a collection, and those outside of thread-local buffers. */
function siteFacts(recording: RecordingEvidence, region: number | undefined): FindingEvidence[] {
  if (region === undefined) return [];
  return big.flatMap(([type, field]) => {
    const events = eventsOf(recording, type);
    const rows = rowsOf(events).filter((row) => events.number(field, row) >= region / 2);
    const sites = groupedBy(
      rows,
      (row) =>
        [events.text("objectClass", row) ?? events.text("object", row), callPath(recording, events.stack(row))]
          .filter(Boolean)
          .join(" in ") || undefined,
      (row) => events.number(field, row),
    );
    return sites.slice(0, 3).map(({ key, count, weight }) => {
      return fact("allocated", `${formatBytes(weight)} in ${formatNumberOf(count, "object")}: ${key}`, "text", type);
    });
  });
}

/** The last is of arrays of bytes that stayed alive, for what few of them it has. */
const big: readonly (readonly [string, string])[] = [
  ["jdk.AllocationRequiringGC", "size"],
  ["jdk.ObjectAllocationOutsideTLAB", "allocationSize"],
  ["jdk.OldObjectSample", "arrayElements"],
];

function adviceFor(recording: RecordingEvidence, region: number | undefined): string {
  const sizes = big.flatMap(([type, field]) => valuesOf(eventsOf(recording, type), field));
  const largest = Math.max(0, ...sizes);
  const wanted = [1, 2, 4, 8, 16, 32].map((mebibytes) => mebibytes * 2 ** 20).find((bytes) => bytes > largest * 2);
  if (largest > 0 && wanted !== undefined && region !== undefined && wanted > region) {
    return `Set -XX:G1HeapRegionSize=${wanted / 2 ** 20}m, more than twice the biggest such object seen (${formatBytes(largest)}), if the heap has room for it; or allocate smaller pieces.`;
  }
  return "Make -XX:G1HeapRegionSize (up to 32m) more than twice the size of these objects, or allocate smaller pieces; jdk.ObjectAllocationOutsideTLAB or jdk.AllocationRequiringGC would tell who allocates them.";
}
