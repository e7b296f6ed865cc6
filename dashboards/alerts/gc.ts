import { allocationStalls, forcedFullCollections, forcedFullCollectionTime } from "../gc-series.ts";
import { safepointCount, safepointSyncTime } from "../metrics.ts";
import { selectIn } from "../promql.ts";
import { recorded } from "./recordings.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();

/** Collections and other stops cost too much. */
export function gcAlerts(pace: Pace): RuleGroup {
  return { name: "jprof-gc", recordings: [], alerts: [overhead(pace), longPause(pace), stall(pace), safepoint(pace)] };
}

function overhead(pace: Pace): Alert {
  return {
    name: "GcOverheadHigh",
    severity: "warning",
    expression: `${recorded.pauseTime} > 0.15`,
    for: pace.span(15),
    summary: `${who}: {{ $value | humanizePercentage }} of the time goes into GC pauses`,
    description: "The program stood still for this share of the last minutes.",
  };
}

function longPause(pace: Pace): Alert {
  return {
    name: "GcPauseLong",
    severity: "warning",
    expression: `${recorded.pauseP99} > 1`,
    for: pace.span(15),
    summary: `${who}: one GC pause in a hundred takes {{ $value | humanizeDuration }} or more`,
    description: "Again and again for a quarter of an hour, not once.",
  };
}

function stall(pace: Pace): Alert {
  const window = pace.span(5);
  return {
    name: "GcStall",
    severity: "critical",
    expression: `(
  ${forcedFullCollections(select, window)} >= 5
  and ${forcedFullCollectionTime(select, window)} > 0.2
)
or ${allocationStalls(select, window)} >= 10`,
    for: pace.span(3),
    summary: `${who}: {{ $value | humanize }} collections of the last resort in five minutes`,
    description:
      "Full collections follow each other, or threads wait for ZGC to free memory: the heap is too small for what is alive in it.",
  };
}

function safepoint(pace: Pace): Alert {
  const rate = (selector: string) => `rate(${selector}[${pace.span(10)}])`;
  return {
    name: "SafepointSlow",
    severity: "warning",
    expression: `${rate(select(safepointSyncTime))} / (${rate(select(safepointCount))} > 0) > 0.05
and ${rate(select(safepointSyncTime))} > 0.01`,
    for: pace.span(10),
    summary: `${who}: threads take {{ $value | humanizeDuration }} to stop for a safepoint, on average`,
    description: "Every stop of the JVM is longer by this, before any work is done: all threads wait for the slowest.",
  };
}
