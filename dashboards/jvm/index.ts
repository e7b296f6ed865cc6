import { fullCollectionAnnotation, startAnnotation } from "../annotations.ts";
import type { DashboardSpec } from "../build.ts";
import { heatmapPanel, timeseriesPanel } from "../panels.ts";
import { jvm } from "../scope.ts";
import { oneJvmVariables, placeVariables } from "../variables.ts";
import { classHistogramPanels } from "./classes.ts";
import { classPanels, jitPanels, threadPanels } from "./code.ts";
import { gcPanels, pauseHeatmap, safepointPanels } from "./gc.ts";
import { heapPanels, nonHeapPanels } from "./heap.ts";
import { containerPanels, nativePanels } from "./native.ts";
import { overviewPanels } from "./overview.ts";
import { processPanels } from "./process.ts";

/** All that jprof knows of one JVM. */
export const oneJvm: DashboardSpec = {
  uid: "jprof-jvm",
  file: "jvm",
  title: "JVM",
  description: "One JVM: is it short of heap, of memory, of CPU, and why.",
  from: "now-3h",
  variables: [...placeVariables, ...oneJvmVariables],
  annotations: [startAnnotation(jvm), fullCollectionAnnotation(jvm)],
  rows: [
    { title: "Now", panels: overviewPanels() },
    { title: "Garbage collection", panels: [heatmapPanel(pauseHeatmap), ...gcPanels.map(timeseriesPanel)] },
    { title: "Heap", panels: heapPanels.map(timeseriesPanel) },
    { title: "Native memory", panels: nativePanels.map(timeseriesPanel) },
    { title: "Container", panels: containerPanels.map(timeseriesPanel) },
    { title: "Process", panels: processPanels.map(timeseriesPanel) },
    { title: "Safepoints", collapsed: true, panels: safepointPanels.map(timeseriesPanel) },
    { title: "Threads", collapsed: true, panels: threadPanels.map(timeseriesPanel) },
    { title: "Classes and metaspace", collapsed: true, panels: classPanels.map(timeseriesPanel) },
    {
      title: "Compiler and code cache",
      collapsed: true,
      panels: [...jitPanels, ...nonHeapPanels].map(timeseriesPanel),
    },
    { title: "Biggest classes of the heap", collapsed: true, panels: classHistogramPanels() },
  ],
};
