import { fsyncP99, pinnedTime } from "../metrics.ts";
import { selectIn } from "../promql.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();

/** What continuous recordings tell: silent where they are off. */
export function hotPathAlerts(pace: Pace): RuleGroup {
  return { name: "jprof-hot-paths", recordings: [], alerts: [fsync(pace), pinned(pace)] };
}

function fsync(pace: Pace): Alert {
  return {
    name: "FsyncSlow",
    severity: "warning",
    expression: `${select(fsyncP99)} > 0.5`,
    for: pace.span(10),
    summary: `${who}: one fsync in a hundred takes {{ $value | humanizeDuration }} or more`,
    description: "For ten minutes, minute after minute: what waits for its writes to be safe waits for as long.",
  };
}

function pinned(pace: Pace): Alert {
  return {
    name: "VirtualThreadsPinned",
    severity: "warning",
    expression: `rate(${select(pinnedTime)}[${pace.span(5)}]) > 0.5`,
    for: pace.span(10),
    summary: `${who}: virtual threads that stand still keep {{ $value | humanize }} carriers from the others`,
    description: "There are as many carriers as CPUs: when all are held, no virtual thread runs.",
  };
}
