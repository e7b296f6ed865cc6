import { oldCollections } from "../gc-series.ts";
import { heapLimit, heapLive, heapTimeToFull } from "../metrics.ts";
import { selectIn } from "../promql.ts";
import { unlessYoungerThan } from "./growth.ts";
import { recorded } from "./recordings.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();
const limit = select(heapLimit);
const floor = recorded.heapFloor;

/** The heap fills up with what is alive. */
export function heapAlerts(pace: Pace): RuleGroup {
  return { name: "jprof-heap", recordings: [], alerts: [nearlyFull(pace), fullSoon(pace), growing(pace), daily(pace)] };
}

function nearlyFull(pace: Pace): Alert {
  return {
    name: "HeapNearlyFull",
    severity: "critical",
    expression: `${floor} / ${limit} > 0.9
and ${recorded.oldCollections} >= 2`,
    for: pace.span(5),
    summary: `${who}: {{ $value | humanizePercentage }} of the heap stay in use after every collection`,
    description:
      "For 30 minutes no collection, not even of the old objects, brought the heap below this. It is close to an OutOfMemoryError.",
  };
}

function fullSoon(pace: Pace): Alert {
  return {
    name: "HeapFullSoon",
    severity: "critical",
    expression: `${select(heapTimeToFull)} < 1800
and ${select(heapLive)} / ${limit} > 0.7
and ${oldCollections(select, pace.span(10))} > 0`,
    for: pace.span(5),
    summary: `${who}: the heap is full in {{ $value | humanizeDuration }}`,
    description:
      "At the pace of the last minutes the memory that is still in use after collections reaches the limit of the heap.",
  };
}

function growing(pace: Pace): Alert {
  const ago = (minutes: number) => `${floor} offset ${pace.span(minutes)}`;
  const perSecond = `((${floor} - ${ago(120)}) / ${pace.seconds(120)})`;
  return {
    name: "HeapLiveSetGrowing",
    severity: "warning",
    expression: `(${limit} - ${floor}) / ${perSecond} < 6 * 3600
and (${floor} - ${ago(60)}) > 0.25 * (${floor} - ${ago(120)})
and (${ago(60)}) > (${ago(120)})
and (${floor} - ${ago(120)}) / ${limit} > 0.01
and ${floor} / ${limit} > 0.6
and ${recorded.oldCollections} > 0
and (${recorded.oldCollections} offset ${pace.span(120)}) > 0
${unlessYoungerThan(pace, 150)}`,
    for: pace.span(30),
    summary: `${who}: what is alive in the heap grows, full in {{ $value | humanizeDuration }}`,
    description:
      "The least memory in use after collections rose in both of the last two hours. That is what a leak looks like.",
  };
}

/** The floors of whole days, so that the swing of a day is no growth. */
function daily(pace: Pace): Alert {
  const ago = (series: string, days: number) => `(${series} offset ${pace.span(days * 1440)})`;
  const lowest = recorded.heapFloorOfDay;
  return {
    name: "HeapLiveSetGrowingDaily",
    severity: "warning",
    expression: `(${limit} - ${lowest}) / ((${lowest} - ${ago(lowest, 2)}) / ${pace.seconds(2 * 1440)}) < 7 * 86400
and (${lowest} - ${ago(lowest, 1)}) / ${limit} > 0.02
and (${ago(lowest, 1)} - ${ago(lowest, 2)}) / ${limit} > 0.02
and ${lowest} / ${limit} > 0.4
and ${recorded.oldCollectionsOfDay} > 0
and ${ago(recorded.oldCollectionsOfDay, 2)} > 0
${unlessYoungerThan(pace, 3 * 1440)}`,
    for: pace.span(60),
    summary: `${who}: what is alive in the heap grows from day to day, full in {{ $value | humanizeDuration }}`,
    description:
      "Each day's least memory in use after collections is higher than the day before: a slow leak, or a cache without a bound.",
  };
}
