import { type NativeMemory, parseNativeMemory } from "../src/formats/jcmd/native-memory.ts";
import { parseStatus } from "../src/formats/proc/status.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { collectionOf, missing } from "./readings.ts";

export const untrackedMemory: Metric = {
  name: "jprof.process.memory.untracked",
  unit: "By",
  kind: "gauge",
  help: "Memory in RAM that no file backs and that the JVM did not commit itself: at least so much is native libraries' and the allocator's.",
  labels: [],
  stability: "development",
};

/**
 * Resident anonymous and shared memory less what native memory tracking has committed. Committed pages that were never touched are not
 * resident, so the truth is as much or more; a heap that was touched at the start (`-XX:+AlwaysPreTouch`) makes it exact.
 */
export const untrackedMemoryCollector: Collector = {
  name: "untracked-memory",
  description: "resident memory that the JVM's native memory tracking does not account for",
  enabledByDefault: true,
  policy: "observe",
  everySeconds: 60,
  metrics: [untrackedMemory],
  async collect(target, signal) {
    const [status, reply] = await Promise.all([
      target.readProc("status", signal),
      target.jcmd("VM.native_memory summary scale=b", signal),
    ]);
    if (!reply.ok) return missing(this.metrics, reply.reason);
    if (!status.ok) return missing(this.metrics, status.reason);
    const tracked = parseNativeMemory(reply.value);
    if (!tracked.isTracked) return missing(this.metrics, tracked.reason);
    return collectionOf(status, this.metrics, (text) => [
      { metric: untrackedMemory, value: untrackedOf(text, tracked) },
    ]);
  },
};

function untrackedOf(statusText: string, tracked: NativeMemory): number | undefined {
  const { residentAnonymousBytes, residentShmemBytes } = parseStatus(statusText);
  if (residentAnonymousBytes === undefined || residentShmemBytes === undefined) return undefined;
  // The archive of shared classes is a file that is mapped.
  const own = tracked.categories.filter(({ name }) => name !== "Shared class space");
  const committedBytes = own.reduce((sum, category) => sum + category.committedBytes, 0);
  return Math.max(residentAnonymousBytes + residentShmemBytes - committedBytes, 0);
}
