import type { CgroupCpu, CgroupMemory } from "../src/model/cgroup.ts";
import type { Collection, Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { collectionOf, combined, missing, type Reading } from "./readings.ts";

function metric(name: string, unit: string, kind: Metric["kind"], help: string): Metric {
  return { name, unit, kind, help, labels: [], stability: "development" };
}

export const containerMemoryUsage = metric(
  "container.memory.usage",
  "By",
  "updowncounter",
  "Memory charged to the control group, page cache included.",
);

export const containerMemoryWorkingSet = metric(
  "container.memory.working_set",
  "By",
  "updowncounter",
  "Memory of the control group less inactive file pages, as Kubernetes counts it.",
);

export const containerMemoryRss = metric(
  "container.memory.rss",
  "By",
  "updowncounter",
  "Anonymous memory of the control group.",
);

export const containerMemoryAvailable = metric(
  "container.memory.available",
  "By",
  "updowncounter",
  "Memory that the control group may still use: limit less working set; absent without a limit.",
);

export const containerMemoryUnreclaimable = metric(
  "jprof.container.memory.unreclaimable",
  "By",
  "updowncounter",
  "Memory of the control group that the kernel cannot drop to make room: anonymous, shared and the kernel's own.",
);

export const containerMemoryLimit = metric(
  "jprof.container.memory.limit",
  "By",
  "updowncounter",
  "The tightest memory limit from the control group up; absent without one.",
);

export const containerMemoryHeadroom = metric(
  "jprof.container.memory.headroom",
  "By",
  "updowncounter",
  "The least, over the control groups with a limit, of limit less working set; absent without a limit.",
);

export const containerMemoryEvents: Metric = {
  ...metric(
    "jprof.container.memory.events",
    "{event}",
    "counter",
    "How often the control group came up against its memory limits, by event: high, max, oom, oom_kill.",
  ),
  labels: ["jprof.cgroup.event"],
};

export const containerCpuTime = metric("container.cpu.time", "s", "counter", "CPU time that the control group used.");

export const containerCpuLimit = metric(
  "jprof.container.cpu.limit",
  "{cpu}",
  "updowncounter",
  "CPUs that the tightest quota from the control group up allows; absent without one.",
);

export const containerCpuPeriods = metric(
  "jprof.container.cpu.periods",
  "{period}",
  "counter",
  "Periods of the CPU quota in which the control group ran.",
);

export const containerCpuThrottledPeriods = metric(
  "jprof.container.cpu.throttled.periods",
  "{period}",
  "counter",
  "Periods in which the quota was used up and every thread had to wait for the next.",
);

export const containerCpuThrottledTime = metric(
  "jprof.container.cpu.throttled.time",
  "s",
  "counter",
  "Time for which threads had to wait since the quota was used up, summed over CPUs.",
);

const limitMetrics = [containerMemoryAvailable, containerMemoryLimit, containerMemoryHeadroom];
const quotaMetrics = [containerCpuLimit, containerCpuPeriods, containerCpuThrottledPeriods, containerCpuThrottledTime];
const memoryMetrics = [
  containerMemoryUsage,
  containerMemoryWorkingSet,
  containerMemoryRss,
  containerMemoryUnreclaimable,
  containerMemoryEvents,
];

/** What the control group around the JVM allows and uses. Told for every group below the machine's root, with a limit or not. */
export const containerCollector: Collector = {
  name: "container",
  description:
    "memory and CPU of the container or service that the JVM runs in: limits, use, and how often it hit them",
  enabledByDefault: true,
  policy: "observe",
  metrics: [...memoryMetrics, ...limitMetrics, containerCpuTime, ...quotaMetrics],
  async collect(target, signal) {
    const answer = await target.cgroup(signal);
    if (!answer.ok) return missing(this.metrics, answer.reason);
    const { memory, cpu } = answer.value;
    const part = <T>(metrics: readonly Metric[], value: T | undefined, readingsOf: (value: T) => readonly Reading[]) =>
      value === undefined
        ? missing(metrics, "the JVM is in no control group of it but the machine's root")
        : collectionOf({ ...answer, value }, metrics, readingsOf);
    return combined([
      part([...memoryMetrics], memory, memoryReadings),
      memory?.limitBytes === undefined && memory !== undefined
        ? missing(limitMetrics, "the control group has no memory limit")
        : part(limitMetrics, memory, limitReadings),
      part([containerCpuTime], cpu, ({ usageSeconds }) => [{ metric: containerCpuTime, value: usageSeconds }]),
      cpu?.limitCpus === undefined && cpu !== undefined ? withoutQuota() : part(quotaMetrics, cpu, quotaReadings),
    ]);
  },
};

function withoutQuota(): Collection {
  return missing(quotaMetrics, "the control group has no CPU quota");
}

function memoryReadings(memory: CgroupMemory): readonly Reading[] {
  return [
    { metric: containerMemoryUsage, value: memory.usageBytes },
    { metric: containerMemoryWorkingSet, value: memory.workingSetBytes },
    { metric: containerMemoryRss, value: memory.anonymousBytes },
    { metric: containerMemoryUnreclaimable, value: memory.unreclaimableBytes },
    ...Object.entries(memory.events).map(([event, value]) => ({
      metric: containerMemoryEvents,
      value,
      labels: { "jprof.cgroup.event": event },
    })),
  ];
}

function limitReadings(memory: CgroupMemory): readonly Reading[] {
  return [
    { metric: containerMemoryAvailable, value: memory.headroomBytes },
    { metric: containerMemoryLimit, value: memory.limitBytes },
    { metric: containerMemoryHeadroom, value: memory.headroomBytes },
  ];
}

function quotaReadings(cpu: CgroupCpu): readonly Reading[] {
  return [
    { metric: containerCpuLimit, value: cpu.limitCpus },
    { metric: containerCpuPeriods, value: cpu.periods },
    { metric: containerCpuThrottledPeriods, value: cpu.throttledPeriods },
    { metric: containerCpuThrottledTime, value: cpu.throttledSeconds },
  ];
}
