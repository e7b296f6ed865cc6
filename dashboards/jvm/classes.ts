import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { classBytes, classInstances } from "../metrics.ts";
import { timeseriesPanel } from "../panels.ts";
import { jvm } from "../scope.ts";
import { tablePanel } from "../table-panel.ts";

/** Only where the class histogram is switched on: it stops the JVM while it counts. */
export function classHistogramPanels(): readonly dashboard.Panel[] {
  const byClass = (expression: string) => `sum by (jprof_class_name) (${expression})`;
  return [
    timeseriesPanel({
      title: "Bytes of the ten biggest classes",
      about:
        "A class that only grows is what leaks. Needs the collector class-histogram, which is off unless asked for.",
      unit: "bytes",
      width: 12,
      queries: { "{{jprof_class_name}}": `topk(10, ${byClass(jvm(classBytes))})` },
      runbooks: ["HeapLiveSetGrowing"],
    }),
    tablePanel({
      title: "Biggest classes",
      about: "Now, and how much they grew in the time that is shown.",
      width: 12,
      height: 8,
      columns: [
        { title: "Bytes", expression: byClass(jvm(classBytes)), unit: "bytes" },
        { title: "Growth", expression: byClass(`delta(${jvm(classBytes)}[$__range])`), unit: "bytes" },
        { title: "Objects", expression: byClass(jvm(classInstances)), unit: "short" },
      ],
      labels: { Class: "jprof_class_name" },
      sortBy: "Bytes",
      noValue: "The collector class-histogram is off",
    }),
  ];
}
