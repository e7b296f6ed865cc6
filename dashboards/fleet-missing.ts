import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { collectorAge, collectorUp, targetCount, targetUp } from "./metrics.ts";
import { timeseriesPanel } from "./panels.ts";
import { fitsNot, sum } from "./promql.ts";
import { fleet, fleetJprof, identityColumns, identityLabels } from "./scope.ts";
import { tablePanel } from "./table-panel.ts";

/** What jprof does not know, so that an empty panel is not taken for a healthy JVM. */
export function fleetMissing(): readonly dashboard.Panel[] {
  return [
    tablePanel({
      title: "Collectors that tell nothing, or nothing new",
      about: "`jprof doctor` says why, and what to change.",
      width: 12,
      height: 8,
      columns: [
        {
          title: "Age",
          expression: `max by (${identityLabels}, jprof_collector) (${fleet(collectorAge)} > 120 or ${fleet(collectorAge)} and ${fleet(collectorUp)} == 0)`,
          unit: "dtdurations",
        },
      ],
      labels: { Collector: "jprof_collector", ...identityColumns },
      sortBy: "Age",
      runbooks: ["CollectorStale"],
      noValue: "Nothing is missing",
    }),
    tablePanel({
      title: "JVMs that do not answer",
      about: "`jprof ps` names them with the reason.",
      width: 6,
      height: 8,
      columns: [{ title: "Up", expression: `max by (${identityLabels}) (${fleet(targetUp)} == 0)`, unit: "short" }],
      labels: identityColumns,
      sortBy: "Service",
      ascending: true,
      runbooks: ["JvmTargetDown", "JprofDown"],
      noValue: "All of them answer",
    }),
    timeseriesPanel({
      title: "JVMs that are seen and not watched",
      about: "Unreachable: a permission is missing. Unsupported: not HotSpot.",
      unit: "short",
      width: 6,
      queries: {
        "{{instance}} {{jprof_state}}": sum(targetCount, fleetJprof(targetCount, fitsNot("jprof.state", "watched")), [
          "jprof.state",
        ]),
      },
    }),
  ];
}
