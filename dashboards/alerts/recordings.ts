import { oldCollections, pause } from "../gc-series.ts";
import { gcDuration, heapLive, nmtCommitted, threadCount, untrackedMemory } from "../metrics.ts";
import { bucketsOf, fitsNot, selectIn, sum, sumOf } from "../promql.ts";
import type { Pace, RuleGroup } from "./rule.ts";

/** Names of the recorded series, for whoever reads them. */
export const recorded = {
  pauseTime: "jprof:gc_pause_time:ratio_rate5m",
  pauseP99: "jprof:gc_pause_seconds:p99_5m",
  heapFloor: "jprof:heap_live_bytes:min_over_30m",
  heapFloorOfDay: "jprof:heap_live_bytes:min_over_1d",
  oldCollectionsOfDay: "jprof:old_collections:max_over_1d",
  oldCollections: "jprof:old_collections:increase_30m",
  untrackedFloor: "jprof:untracked_memory_bytes:min_over_1h",
  threadsFloor: "jprof:threads:min_over_1h",
  nmtFloor: "jprof:nmt_committed_bytes:min_over_1h",
} as const;

/** Categories of native memory that have an alert of their own, or that follow the heap. */
const watchedElsewhere = "Java Heap|Class|Metaspace|Shared class space|Thread|Thread Stack|Code|GC";

const select = selectIn();

/** What several alerts and panels need, computed once. */
export function recordings(pace: Pace): RuleGroup {
  const buckets = select(bucketsOf(gcDuration), pause);
  return {
    name: "jprof-recordings",
    recordings: [
      {
        name: recorded.pauseTime,
        expression: sum(gcDuration, `rate(${select(sumOf(gcDuration), pause)}[${pace.span(5)}])`),
      },
      {
        name: recorded.pauseP99,
        expression: `histogram_quantile(0.99, ${sum(gcDuration, `rate(${buckets}[${pace.span(5)}])`)})`,
      },
      { name: recorded.heapFloor, expression: `min_over_time(${select(heapLive)}[${pace.span(30)}])` },
      { name: recorded.oldCollections, expression: oldCollections(select, pace.span(30)) },
      {
        name: recorded.heapFloorOfDay,
        expression: `min_over_time(${recorded.heapFloor}[${pace.span(1440)}])`,
      },
      {
        name: recorded.oldCollectionsOfDay,
        expression: `max_over_time(${recorded.oldCollections}[${pace.span(1440)}])`,
      },
      { name: recorded.untrackedFloor, expression: `min_over_time(${select(untrackedMemory)}[${pace.span(60)}])` },
      {
        name: recorded.threadsFloor,
        expression: `min_over_time((${sum(threadCount, select(threadCount))})[${pace.span(60)}:${pace.span(1)}])`,
      },
      {
        name: recorded.nmtFloor,
        expression: `min_over_time(${select(nmtCommitted, fitsNot("jprof.nmt.category", watchedElsewhere))}[${pace.span(60)}])`,
      },
    ],
    alerts: [],
  };
}
