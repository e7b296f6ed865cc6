import type { Answer } from "../src/model/answer.ts";
import type { Collection, Collector } from "../src/model/collector.ts";
import type { GcActivity } from "../src/model/gc-event.ts";
import type { Metric } from "../src/model/metric.ts";
import type { Target } from "../src/model/target.ts";
import { nothingOf, samplerOf } from "./command-reply.ts";
import { allocatedBytesByMBeans } from "./mbean-memory.ts";
import { combined } from "./readings.ts";

/** Proposed to the semantic conventions under this name. */
export const memoryAllocation: Metric = {
  name: "jvm.memory.allocation",
  unit: "By",
  kind: "counter",
  help: "Bytes that the program allocated on the heap. Quality is exact where they are counted as they are taken, per-gc where each collection tells them.",
  labels: ["jprof.allocation.quality"],
  stability: "development",
};

export const memoryPromotion: Metric = {
  name: "jprof.memory.promotion",
  unit: "By",
  kind: "counter",
  help: "Bytes by which young collections made the old generation grow.",
  labels: [],
  stability: "development",
};

/** Tells how fast a program allocates, and how much of that grows old. */
export const allocationCollector: Collector = {
  name: "allocation",
  description: "bytes allocated and promoted",
  enabledByDefault: true,
  policy: "observe",
  metrics: [memoryAllocation, memoryPromotion],
  async collect(target, signal) {
    const activity = await target.gcActivity(signal);
    const allocation = allocationOf(activity) ?? (await allocationByMBeans(target, activity, signal));
    return combined([allocation, promotionOf(activity)]);
  },
};

/** Undefined where the activity does not tell it. */
function allocationOf(activity: Answer<GcActivity>): Collection | undefined {
  if (!activity.ok || activity.value.allocatedBytes === undefined) return undefined;
  const { allocatedBytes, allocationQuality = "bound" } = activity.value;
  const labels = { "jprof.allocation.quality": allocationQuality };
  return { samples: [samplerOf(activity)(memoryAllocation, allocatedBytes, labels)], missing: [] };
}

async function allocationByMBeans(
  target: Target,
  activity: Answer<GcActivity>,
  signal: AbortSignal,
): Promise<Collection> {
  const answer = await allocatedBytesByMBeans(target, signal);
  if (!answer.ok) {
    const why = activity.ok ? "this collector does not show what is allocated" : activity.reason;
    return nothingOf([memoryAllocation], `${why}; and by MBeans: ${answer.reason}`);
  }
  const labels = { "jprof.allocation.quality": "exact" };
  return { samples: [samplerOf(answer)(memoryAllocation, answer.value, labels)], missing: [] };
}

function promotionOf(activity: Answer<GcActivity>): Collection {
  if (!activity.ok) return nothingOf([memoryPromotion], activity.reason);
  const { promotedBytes } = activity.value;
  if (promotedBytes === undefined) {
    return nothingOf([memoryPromotion], "this collector does not show what is promoted");
  }
  return { samples: [samplerOf(activity)(memoryPromotion, promotedBytes)], missing: [] };
}
