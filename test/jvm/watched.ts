import type { PerfCounterSource } from "../../src/jvm/perf-counters.ts";
import type { DrawnCounters } from "../perf-data-of.ts";
import { activityOf, drawnProcess } from "./perf-file.ts";

/** Of one collector, in ticks of nanoseconds. */
export type CollectorCounters = readonly [invocations: number, time: number, entry: number, exit: number];

/** A collector as a JVM counts it. */
export function collector(
  index: number,
  name: string,
  [invocations, time, entry, exit]: CollectorCounters,
): DrawnCounters {
  return { [`sun.gc.collector.${index}.name`]: name, ...changed(index, [invocations, time, entry, exit]) };
}

/** What it counts now. */
export function changed(index: number, [invocations, time, entry, exit]: CollectorCounters): DrawnCounters {
  const prefix = `sun.gc.collector.${index}`;
  return {
    [`${prefix}.invocations`]: invocations,
    [`${prefix}.time`]: time,
    [`${prefix}.lastEntryTime`]: entry,
    [`${prefix}.lastExitTime`]: exit,
  };
}

/** A JVM that is looked at. */
export interface Watched {
  readonly source: PerfCounterSource;
  /** Writes what changed, and looks. */
  look(change: DrawnCounters): void;
  told(): readonly string[];
}

/** Opens the counters of a drawn process, which has done what `first` says. */
export function watched(first: DrawnCounters): Watched {
  const process = drawnProcess();
  let now = first;
  process.write(now);
  const source = process.open();
  return {
    source,
    look(change) {
      now = { ...now, ...change };
      process.write(now);
      source.tick();
    },
    told: () =>
      activityOf(source).events.map(({ name, cause, durationSeconds, endSeconds }) => {
        return `${name} | ${cause} | ${(durationSeconds * 1000).toFixed(3)} ms | ${endSeconds ?? "?"}`;
      }),
  };
}
