import { parseIo } from "../src/formats/proc/io.ts";
import { parseLimits } from "../src/formats/proc/limits.ts";
import { parseStat, ticksPerSecond } from "../src/formats/proc/stat.ts";
import { type ProcStatus, parseStatus } from "../src/formats/proc/status.ts";
import type { Answer } from "../src/model/answer.ts";
import type { Cgroup } from "../src/model/cgroup.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { processCpuTime, processUptime } from "../src/model/process-metrics.ts";
import type { TargetIdentity } from "../src/model/target.ts";
import { collectionOf, combined, type Reading } from "./readings.ts";

export const jvmCpuTime: Metric = {
  name: "jvm.cpu.time",
  unit: "s",
  kind: "counter",
  help: "CPU time that the process used.",
  labels: [],
  stability: "stable",
};

export const jvmCpuCount: Metric = {
  name: "jvm.cpu.count",
  unit: "{cpu}",
  kind: "updowncounter",
  help: "CPUs that the JVM may use: of its affinity, and its container's quota rounded up, as the JVM counts them.",
  labels: [],
  stability: "stable",
};

export const processThreadCount: Metric = {
  name: "process.thread.count",
  unit: "{thread}",
  kind: "updowncounter",
  help: "Threads of the operating system, the JVM's own included.",
  labels: [],
  stability: "development",
};

export const processDiskIo: Metric = {
  name: "process.disk.io",
  unit: "By",
  kind: "counter",
  help: "Bytes read from and written to storage; what the page cache served is not counted.",
  labels: ["disk.io.direction"],
  stability: "development",
};

export const processPagingFaults: Metric = {
  name: "process.paging.faults",
  unit: "{fault}",
  kind: "counter",
  help: "Page faults: major ones waited for storage.",
  labels: ["system.paging.fault.type"],
  stability: "development",
};

export const processFileDescriptorCount: Metric = {
  name: "process.unix.file_descriptor.count",
  unit: "{file_descriptor}",
  kind: "updowncounter",
  help: "File descriptors that are open.",
  labels: [],
  stability: "development",
};

export const jvmFileDescriptorCount: Metric = {
  ...processFileDescriptorCount,
  name: "jvm.file_descriptor.count",
};

export const jvmFileDescriptorLimit: Metric = {
  name: "jvm.file_descriptor.limit",
  unit: "{file_descriptor}",
  kind: "updowncounter",
  help: "The most file descriptors that the process may have open.",
  labels: [],
  stability: "development",
};

export const processOomScore: Metric = {
  name: "jprof.process.oom.score",
  unit: "{score}",
  kind: "gauge",
  help: "The kernel kills the process with the highest score first when memory runs out, from 0 to about 1000.",
  labels: [],
  stability: "development",
};

const statMetrics = [processCpuTime, jvmCpuTime, processPagingFaults];
const descriptorMetrics = [processFileDescriptorCount, jvmFileDescriptorCount];

/** What the operating system counts for the process that a JVM is. */
export const processCollector: Collector = {
  name: "process",
  description: "CPU time, threads, page faults, storage and file descriptors of the process, by the kernel's count",
  enabledByDefault: true,
  policy: "observe",
  metrics: [
    ...statMetrics,
    processUptime,
    jvmCpuCount,
    processThreadCount,
    processDiskIo,
    ...descriptorMetrics,
    jvmFileDescriptorLimit,
    processOomScore,
  ],
  async collect(target, signal) {
    const files = ["stat", "status", "io", "fd", "limits", "oom_score"] as const;
    const [stat, status, io, descriptors, limits, oomScore] = await Promise.all(
      files.map((file) => target.readProc(file, signal)),
    );
    const cgroup = await target.cgroup(signal);
    return combined([
      collectionOf(stat!, statMetrics, statReadings),
      collectionOf(stat!, [processUptime], () => [uptimeReading(target.identity, stat!)]),
      collectionOf(status!, [jvmCpuCount, processThreadCount], (text) =>
        statusReadings(parseStatus(text), target.identity, cgroup),
      ),
      collectionOf(io!, [processDiskIo], ioReadings),
      collectionOf(descriptors!, descriptorMetrics, (text) =>
        descriptorMetrics.map((metric) => ({ metric, value: Number(text) })),
      ),
      collectionOf(limits!, [jvmFileDescriptorLimit], (text) => [
        { metric: jvmFileDescriptorLimit, value: parseLimits(text).get("Max open files")?.soft },
      ]),
      collectionOf(oomScore!, [processOomScore], (text) => [{ metric: processOomScore, value: Number(text) }]),
    ]);
  },
};

function statReadings(text: string): readonly Reading[] {
  const { userTicks, systemTicks, minorFaults, majorFaults } = parseStat(text);
  return [
    { metric: processCpuTime, value: userTicks / ticksPerSecond, labels: { "cpu.mode": "user" } },
    { metric: processCpuTime, value: systemTicks / ticksPerSecond, labels: { "cpu.mode": "system" } },
    { metric: jvmCpuTime, value: (userTicks + systemTicks) / ticksPerSecond },
    { metric: processPagingFaults, value: minorFaults, labels: { "system.paging.fault.type": "minor" } },
    { metric: processPagingFaults, value: majorFaults, labels: { "system.paging.fault.type": "major" } },
  ];
}

function uptimeReading(identity: TargetIdentity, answer: Answer<unknown>): Reading {
  const now = answer.ok ? answer.takenAtMillis : Number.NaN;
  return { metric: processUptime, value: Math.max(now - identity.startedAtMillis, 0) / 1000 };
}

function statusReadings(status: ProcStatus, identity: TargetIdentity, cgroup: Answer<Cgroup>): readonly Reading[] {
  return [
    { metric: jvmCpuCount, value: cpuCountOf(status, identity, cgroup) },
    { metric: processThreadCount, value: status.threads },
  ];
}

/** As HotSpot does it: a flag decides, else the affinity, or the quota rounded up when that is less. */
function cpuCountOf(status: ProcStatus, identity: TargetIdentity, cgroup: Answer<Cgroup>): number | undefined {
  const flag = identity.flags.map((text) => /^-XX:ActiveProcessorCount=(\d+)$/.exec(text)?.[1]).findLast(Boolean);
  if (flag !== undefined && Number(flag) > 0) return Number(flag);
  const quota = cgroup.ok ? cgroup.value.cpu?.limitCpus : undefined;
  if (quota === undefined || identity.flags.includes("-XX:-UseContainerSupport")) return status.allowedCpus;
  return Math.min(status.allowedCpus ?? Number.POSITIVE_INFINITY, Math.ceil(quota));
}

function ioReadings(text: string): readonly Reading[] {
  const { readBytes, writtenBytes } = parseIo(text);
  return [
    { metric: processDiskIo, value: readBytes, labels: { "disk.io.direction": "read" } },
    { metric: processDiskIo, value: writtenBytes, labels: { "disk.io.direction": "write" } },
  ];
}
