import type { Collector } from "../src/model/collector.ts";
import type { GcEvent } from "../src/model/gc-event.ts";
import type { Labels, Metric } from "../src/model/metric.ts";
import { nothingOf, samplerOf } from "./command-reply.ts";

/** As the semantic conventions have it, in finer buckets; pauses and concurrent phases are told apart by the last label. */
export const gcDuration: Metric = {
  name: "jvm.gc.duration",
  unit: "s",
  kind: "histogram",
  help: "Duration of garbage collections: of pauses, in which the program is stopped, and of cycles that run beside it.",
  labels: ["jvm.gc.name", "jvm.gc.action", "jvm.gc.cause", "jprof.gc.kind"],
  stability: "stable",
  buckets: [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};

export const gcEventsMerged: Metric = {
  name: "jprof.gc.events.merged",
  unit: "{event}",
  kind: "counter",
  help: "Collections that followed each other so closely that of their durations only the mean is known.",
  labels: [],
  stability: "development",
};

export const gcEventsLost: Metric = {
  name: "jprof.gc.events.lost",
  unit: "{event}",
  kind: "counter",
  help: "Collections whose durations are lost.",
  labels: [],
  stability: "development",
};

const metrics = [gcDuration, gcEventsMerged, gcEventsLost];

/** Tells each garbage collection. */
export const gcCollector: Collector = {
  name: "gc",
  description: "every garbage collection: name, cause, duration, and whether it stopped the program",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const answer = await target.gcActivity(signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    const sample = samplerOf(answer);
    const { events, mergedEvents, lostEvents } = answer.value;
    const durations = events.map((event) => sample(gcDuration, event.durationSeconds, labelsOf(event)));
    const samples = [...durations, sample(gcEventsMerged, mergedEvents), sample(gcEventsLost, lostEvents)];
    return { samples, missing: [] };
  },
};

function labelsOf({ name, action, cause, kind }: GcEvent): Labels {
  return { "jvm.gc.name": name, "jvm.gc.action": action, "jvm.gc.cause": cause, "jprof.gc.kind": kind };
}
