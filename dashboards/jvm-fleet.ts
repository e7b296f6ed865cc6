import { recorded } from "./alerts/recordings.ts";
import { fullCollectionAnnotation, startAnnotation } from "./annotations.ts";
import type { DashboardSpec } from "./build.ts";
import { fleetMissing } from "./fleet-missing.ts";
import { fleetPauseP99, fleetTable } from "./fleet-table.ts";
import {
  containerMemoryLimit,
  containerMemoryUnreclaimable,
  containerTimeToLimit,
  gcOverhead,
  heapLimit,
  heapLive,
  heapLiveSlope,
  heapTimeToFull,
  processUptime,
  targetUp,
  untrackedMemory,
} from "./metrics.ts";
import { type PanelSpec, type Step, statPanel, timeseriesPanel } from "./panels.ts";
import { fleet, identityLegend } from "./scope.ts";
import { placeVariables, servicesVariable } from "./variables.ts";

const restarts = `sum(resets(${fleet(processUptime)}[$__range])) + (count(min_over_time(${fleet(processUptime)}[$__range]) < 90 unless ${fleet(processUptime)}) or vector(0))`;

const bad: readonly Step[] = [
  { from: 0, color: "green" },
  { from: 1, color: "red" },
];

const counts: readonly Omit<PanelSpec, "unit">[] = [
  {
    title: "JVMs watched",
    about: "That answer, or show life otherwise.",
    queries: { JVMs: counted(`${fleet(targetUp)} == 1`) },
  },
  {
    title: "JVMs that do not answer",
    about: "They run, and none of the ways to ask them works.",
    queries: { JVMs: counted(`${fleet(targetUp)} == 0`) },
    steps: bad,
    runbooks: ["JvmTargetDown"],
  },
  {
    title: "Heaps over 85 % alive",
    about: "By what stays in use after a collection; garbage that waits for one does not count.",
    queries: { JVMs: counted(`${fleet(heapLive)} / ${fleet(heapLimit)} > 0.85`) },
    steps: bad,
    runbooks: ["HeapNearlyFull"],
  },
  {
    title: "Full within a day",
    about: "Heaps, at the slope of the last minutes.",
    queries: { JVMs: counted(`${fleet(heapTimeToFull)} < 86400`) },
    steps: bad,
    runbooks: ["HeapLiveSetGrowing", "HeapFullSoon"],
  },
  {
    title: "Killed within a day",
    about: "Containers, at the slope of the last minutes.",
    queries: { JVMs: counted(`${fleet(containerTimeToLimit)} < 86400`) },
    steps: bad,
    runbooks: ["ContainerMemoryTimeToLimit"],
  },
  {
    title: "Restarts in this time",
    about: "JVMs that ended or began anew in the time that is shown.",
    queries: { restarts },
    runbooks: ["JvmRestarting"],
  },
];

const worst: readonly PanelSpec[] = [
  {
    title: "Live heap",
    about: "The ten fullest. A line that only rises is a leak.",
    unit: "percentunit",
    queries: topTen(`${fleet(heapLive)} / ${fleet(heapLimit)}`),
    runbooks: ["HeapLiveSetGrowing", "HeapLiveSetGrowingDaily", "HeapNearlyFull"],
  },
  {
    title: "GC overhead",
    about: "Share of wall time in pauses.",
    unit: "percentunit",
    queries: topTen(fleet(gcOverhead)),
    runbooks: ["GcOverheadHigh", "GcStall"],
  },
  {
    title: "GC pause p99",
    about: `One pause in a hundred takes longer. As a recorded series: \`${recorded.pauseP99}\`.`,
    unit: "s",
    queries: topTen(fleetPauseP99),
    runbooks: ["GcPauseLong"],
  },
  {
    title: "Container memory",
    about: "What the kernel cannot drop, as a share of the limit at which it kills.",
    unit: "percentunit",
    queries: topTen(`${fleet(containerMemoryUnreclaimable)} / ${fleet(containerMemoryLimit)}`),
    runbooks: ["ContainerMemoryNearLimit", "ContainerOomKill"],
  },
  {
    title: "Untracked native memory",
    about: "Only where Native Memory Tracking is on.",
    unit: "bytes",
    queries: topTen(fleet(untrackedMemory)),
    runbooks: ["UntrackedNativeGrowth"],
  },
  {
    title: "Live heap, slope",
    about: "Of those whose heap grows.",
    unit: "binBps",
    queries: topTen(`${fleet(heapLiveSlope)} > 0`),
    runbooks: ["HeapLiveSetGrowing"],
  },
];

/** All JVMs of a place, the worst first. */
export const jvmFleet: DashboardSpec = {
  uid: "jprof-jvm-fleet",
  file: "jvm-fleet",
  title: "JVM fleet",
  description: "Every JVM that jprof watches, the worst first; a click on a service opens that JVM.",
  from: "now-6h",
  variables: [...placeVariables, servicesVariable],
  annotations: [startAnnotation(fleet), fullCollectionAnnotation(fleet)],
  rows: [
    { title: "At a glance", panels: counts.map((spec) => statPanel({ unit: "short", width: 4, ...spec })) },
    { title: "JVMs", panels: [fleetTable()] },
    { title: "The ten worst", panels: worst.map(timeseriesPanel) },
    { title: "What is missing", panels: fleetMissing() },
  ],
};

/** How many of them; 0 rather than nothing. */
function counted(expression: string): string {
  return `count(${expression}) or vector(0)`;
}

function topTen(expression: string): PanelSpec["queries"] {
  return { [identityLegend]: `topk(10, ${expression})` };
}
