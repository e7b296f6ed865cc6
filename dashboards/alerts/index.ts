import { containerAlerts } from "./container.ts";
import { gcAlerts } from "./gc.ts";
import { heapAlerts } from "./heap.ts";
import { hotPathAlerts } from "./hot-paths.ts";
import { jprofAlerts } from "./jprof.ts";
import { nativeAlerts } from "./native.ts";
import { processAlerts } from "./process.ts";
import { recordings } from "./recordings.ts";
import { type Pace, paceOf, type RuleGroup } from "./rule.ts";

/** Every group of rules, in the order in which Prometheus lists them. */
const groups = [
  recordings,
  heapAlerts,
  gcAlerts,
  nativeAlerts,
  containerAlerts,
  processAlerts,
  hotPathAlerts,
  jprofAlerts,
];

/** All rules, with spans of time as shipped, or shortened for a test. */
export function ruleGroups(pace: Pace = paceOf(1)): readonly RuleGroup[] {
  return groups.map((group) => group(pace));
}
