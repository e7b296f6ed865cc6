import { startAnnotation } from "./annotations.ts";
import type { DashboardSpec } from "./build.ts";
import {
  allocatedBySamples,
  cpuSampleShare,
  cpuSamples,
  exceptionCount,
  fsyncCount,
  fsyncP99,
  fsyncTime,
  lockWaits,
  lockWaitTime,
  pinnedCount,
  pinnedTime,
  recordingCpuTime,
  recordingDiskUsage,
  recordingLost,
  recordingMemoryGrowth,
  recordingReadTime,
  recordingState,
  recordingWritten,
  slowOperations,
  slowOperationTime,
} from "./metrics.ts";
import { type TimeseriesSpec, timeseriesPanel } from "./panels.ts";
import { interval, jvm } from "./scope.ts";
import { oneJvmVariables, placeVariables } from "./variables.ts";

const rate = (selector: string) => `rate(${selector}[${interval}])`;

const processor: readonly TimeseriesSpec[] = [
  {
    title: "Hot methods",
    about: "Where threads that run Java code are found. For the stacks behind a method, ask jprof for /profile.",
    unit: "percentunit",
    width: 16,
    stacked: true,
    queries: { "{{jprof_method}} ({{jprof_thread_pool}})": `topk(12, ${jvm(cpuSampleShare)})` },
  },
  {
    title: "Samples by pool",
    about: "How many of these shares are made of: a few a minute prove nothing.",
    unit: "cps",
    queries: { "{{jprof_thread_pool}}": rate(jvm(cpuSamples)) },
  },
  {
    title: "Allocation by pool",
    about: "Who makes the garbage.",
    unit: "binBps",
    width: 12,
    stacked: true,
    queries: { "{{jprof_thread_pool}}": rate(jvm(allocatedBySamples)) },
    runbooks: ["GcOverheadHigh"],
  },
  {
    title: "Exceptions",
    about: "Each fills in a stack: thousands a second cost more than what they report.",
    unit: "cps",
    width: 12,
    queries: { exceptions: rate(jvm(exceptionCount)) },
  },
];

const waiting: readonly TimeseriesSpec[] = [
  {
    title: "Threads that wait for locks",
    about: "1 is one thread that waits all the time.",
    unit: "short",
    width: 12,
    stacked: true,
    queries: { "{{jprof_class}} ({{jprof_lock_kind}})": rate(jvm(lockWaitTime)) },
  },
  {
    title: "Waits for locks",
    about: "How often they wait for 10 ms or longer.",
    unit: "cps",
    width: 12,
    queries: { "{{jprof_class}} ({{jprof_lock_kind}})": rate(jvm(lockWaits)) },
  },
  {
    title: "fsync, 99th percentile",
    about: "How long the disk takes for what must not be lost.",
    unit: "s",
    queries: { p99: jvm(fsyncP99), mean: `${rate(jvm(fsyncTime))} / (${rate(jvm(fsyncCount))} > 0)` },
    runbooks: ["FsyncSlow"],
  },
  {
    title: "fsyncs",
    about: "Many small ones can often be one.",
    unit: "cps",
    queries: { fsyncs: rate(jvm(fsyncCount)) },
    runbooks: ["FsyncSlow"],
  },
  {
    title: "Threads in fsync",
    about: "1 is one thread that is in it all the time.",
    unit: "short",
    queries: { threads: rate(jvm(fsyncTime)) },
    runbooks: ["FsyncSlow"],
  },
  {
    title: "Slow reads and writes",
    about: "Of files and sockets; a read of a socket may only wait for a client that has nothing to say.",
    unit: "cps",
    queries: { "{{jprof_io_kind}}": rate(jvm(slowOperations)) },
  },
  {
    title: "Threads in slow reads and writes",
    about: "1 is one thread that is in them all the time.",
    unit: "short",
    queries: { "{{jprof_io_kind}}": rate(jvm(slowOperationTime)) },
  },
  {
    title: "Pinned virtual threads",
    about: "Carriers that are held, and how often.",
    unit: "short",
    queries: { "carriers held": rate(jvm(pinnedTime)), "times a second": rate(jvm(pinnedCount)) },
    runbooks: ["VirtualThreadsPinned"],
  },
];

const cost: readonly TimeseriesSpec[] = [
  {
    title: "What the recording is doing",
    about: "The one that is 1; /targets says why it does not record.",
    unit: "short",
    queries: { "{{jprof_state}}": jvm(recordingState) },
  },
  {
    title: "Processor time for recording",
    about: "Of the JVM's recording threads, and of jprof that reads along; 1 is one core.",
    unit: "percentunit",
    queries: { "JVM's threads": rate(jvm(recordingCpuTime)), jprof: rate(jvm(recordingReadTime)) },
  },
  {
    title: "Written and missing",
    about: "What is missing was dropped by the JVM, or could not be read.",
    unit: "binBps",
    queries: { written: rate(jvm(recordingWritten)), "missing: {{jprof_reason}}": rate(jvm(recordingLost)) },
  },
  {
    title: "Disk of the recording",
    about: "Within recording.maxDiskMegabytes, and the chunk that is being written.",
    unit: "bytes",
    width: 12,
    queries: { disk: jvm(recordingDiskUsage) },
  },
  {
    title: "Memory since recording began",
    about: "The recorder's buffers take some tens of megabytes; whatever else grew meanwhile is in it.",
    unit: "bytes",
    width: 12,
    signed: true,
    queries: { "resident, more than before": jvm(recordingMemoryGrowth) },
  },
];

/** What continuous recordings tell of one JVM; empty where they are off. */
export const hotPaths: DashboardSpec = {
  uid: "jprof-hot-paths",
  file: "hot-paths",
  title: "Hot paths",
  description: "One JVM: where its processor time goes, and what its threads wait for. Needs recording.enabled.",
  from: "now-1h",
  variables: [...placeVariables, ...oneJvmVariables],
  annotations: [startAnnotation(jvm)],
  rows: [
    { title: "Processor and allocation", panels: processor.map(timeseriesPanel) },
    { title: "Waiting", panels: waiting.map(timeseriesPanel) },
    { title: "What it costs", panels: cost.map(timeseriesPanel) },
  ],
};
