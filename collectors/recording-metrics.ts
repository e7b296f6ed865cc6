import type { Metric } from "../src/model/metric.ts";

const counter = { kind: "counter", labels: [], stability: "development" } as const;
const gauge = { kind: "gauge", labels: [], stability: "development" } as const;
const pool = "jprof.thread.pool";

/** Where the processor's time goes. */
export const cpuSampleShare: Metric = {
  ...gauge,
  name: "jprof.cpu.samples.share",
  unit: "1",
  help: "Share of the processor samples of the last minute whose topmost frame was in this method, by pool of threads; the heaviest, and the rest as `other`.",
  labels: [pool, "jprof.method"],
};

/** How much can be trusted in shares. */
export const cpuSamples: Metric = {
  ...counter,
  name: "jprof.cpu.samples",
  unit: "{sample}",
  help: "Processor samples of threads that ran Java code, by pool of threads: the JVM looks at a few threads at a time only.",
  labels: [pool],
};

/** Who allocates. */
export const allocatedBySamples: Metric = {
  ...counter,
  name: "jprof.allocation.sampled",
  unit: "By",
  help: "Bytes that threads of a pool allocated, estimated by the JVM from samples.",
  labels: [pool],
};

/** How long threads waited for locks. */
export const lockWaitTime: Metric = {
  ...counter,
  name: "jprof.lock.wait.time",
  unit: "s",
  help: "Time for which threads waited for a monitor, or parked for a lock of java.util.concurrent, by class; waits of 10 ms and longer.",
  labels: ["jprof.lock.kind", "jprof.class"],
};

/** How often they did. */
export const lockWaits: Metric = {
  ...counter,
  name: "jprof.lock.waits",
  unit: "{wait}",
  help: "Waits for a monitor or lock of 10 ms and longer, by class.",
  labels: ["jprof.lock.kind", "jprof.class"],
};

/** Writes that were forced to disk. */
export const fsyncCount: Metric = {
  ...counter,
  name: "jprof.fsync.count",
  unit: "{operation}",
  help: "Calls that forced a file's content to disk (FileChannel.force), each of them.",
};

/** How long they took together. */
export const fsyncTime: Metric = {
  ...counter,
  name: "jprof.fsync.time",
  unit: "s",
  help: "Time for which threads waited for a file's content to be forced to disk.",
};

/** How long the slow ones took. */
export const fsyncP99: Metric = {
  ...gauge,
  name: "jprof.fsync.p99",
  unit: "s",
  help: "What 99 of 100 calls of the last minute that forced a file's content to disk took at most.",
};

/** Files and sockets. */
export const slowOperations: Metric = {
  ...counter,
  name: "jprof.io.slow.operations",
  unit: "{operation}",
  help: "Reads and writes of files, and writes to sockets, of 10 ms and longer; reads of sockets of 20 ms and longer, of which many only wait for the other side. From JDK 25 on, 100 a second of each kind at most.",
  labels: ["jprof.io.kind"],
};

/** How long they took together. */
export const slowOperationTime: Metric = {
  ...counter,
  name: "jprof.io.slow.time",
  unit: "s",
  help: "Time that those operations took together.",
  labels: ["jprof.io.kind"],
};

/** Virtual threads that hold a carrier. */
export const pinnedCount: Metric = {
  ...counter,
  name: "jprof.thread.virtual.pinned",
  unit: "{event}",
  help: "Times that a virtual thread stood still for 10 ms and longer and kept its carrier thread from others.",
};

/** How long they did. */
export const pinnedTime: Metric = {
  ...counter,
  name: "jprof.thread.virtual.pinned.time",
  unit: "s",
  help: "Time for which virtual threads kept their carriers.",
};

/** Throwables. */
export const exceptionCount: Metric = {
  ...counter,
  name: "jprof.exceptions",
  unit: "{exception}",
  help: "Exceptions and errors that were made since the JVM began.",
};

/** What jprof does about recording a JVM. */
export const recordingState: Metric = {
  ...gauge,
  name: "jprof.recording.state",
  unit: "{state}",
  help: "1 for what the continuous recording of a JVM is doing; /targets says why it does not record.",
  labels: ["jprof.state"],
};

/** What the JVM's threads that record take. */
export const recordingCpuTime: Metric = {
  ...counter,
  name: "jprof.recording.cpu.time",
  unit: "s",
  help: "Processor time of the JVM's threads that sample and write the recording; what events cost the threads that make them is not in it.",
};

/** What is written. */
export const recordingWritten: Metric = {
  ...counter,
  name: "jprof.recording.written",
  unit: "By",
  help: "Bytes that the JVM has written into its recording since jprof reads along.",
};

/** What is on the disk. */
export const recordingDiskUsage: Metric = {
  ...gauge,
  name: "jprof.recording.disk.usage",
  unit: "By",
  help: "Bytes of the JVM's recordings on its disk.",
};

/** What recording costs in memory. */
export const recordingMemoryGrowth: Metric = {
  ...gauge,
  name: "jprof.recording.memory.growth",
  unit: "By",
  help: "Resident memory of the JVM less what it was before jprof began to record it: at most this is the recording's doing.",
};

/** What reading along costs jprof. */
export const recordingReadTime: Metric = {
  ...counter,
  name: "jprof.recording.read.time",
  unit: "s",
  help: "Time that jprof itself took to read along.",
};

/** What is missing in all of the above. */
export const recordingLost: Metric = {
  ...counter,
  name: "jprof.recording.lost",
  unit: "By",
  help: "Bytes of events that are missing: dropped by the JVM because its buffers were full, or not readable.",
  labels: ["jprof.reason"],
};

/** Everything that comes from a continuous recording. */
export const recordingMetrics: readonly Metric[] = [
  cpuSampleShare,
  cpuSamples,
  allocatedBySamples,
  lockWaitTime,
  lockWaits,
  fsyncCount,
  fsyncTime,
  fsyncP99,
  slowOperations,
  slowOperationTime,
  pinnedCount,
  pinnedTime,
  exceptionCount,
  recordingState,
  recordingCpuTime,
  recordingWritten,
  recordingDiskUsage,
  recordingMemoryGrowth,
  recordingReadTime,
  recordingLost,
];
