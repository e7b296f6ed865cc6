import type { Metric, MetricKind } from "../src/model/metric.ts";

// The catalogue, until each collector's file gives its own: then only this module changes, into re-exports under the same names.

const gc = ["jvm.gc.name", "jvm.gc.action", "jvm.gc.cause", "jprof.gc.kind"];
const pool = ["jvm.memory.pool.name", "jvm.memory.type"];
const pressure = ["jprof.pressure.resource", "jprof.pressure.scope", "jprof.pressure.of"];
const jvmInfoLabels = ["jprof.jvm.version", "jprof.jvm.vendor", "jprof.gc.collector", "jprof.service"];
const category = ["jprof.nmt.category"];
const buckets = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const gcDuration: Metric = {
  ...metric("histogram", "jvm.gc.duration s", "Duration of collections.", gc),
  buckets,
};
export const gcEventsMerged = counter("jprof.gc.events.merged {event}", "Collections known only by their mean.");
export const gcEventsLost = counter("jprof.gc.events.lost {event}", "Collections whose duration is lost.");

export const allocation = counter("jvm.memory.allocation By", "Memory allocated.", ["jprof.allocation.quality"]);
export const promotion = counter("jprof.memory.promotion By", "Memory that moved to the old generation.");

export const memoryUsed = upDown("jvm.memory.used By", "Memory in use, by pool.", pool);
export const memoryCommitted = upDown("jvm.memory.committed By", "Memory that the JVM has committed, by pool.", pool);
export const memoryLimit = upDown("jvm.memory.limit By", "The most that a pool may grow to.", pool);
export const memoryInit = upDown("jvm.memory.init By", "Memory that a pool began with.", pool);
export const memoryUsedAfterLastGc = upDown(
  "jvm.memory.used_after_last_gc By",
  "In use after the last collection.",
  pool,
);
export const heapUsed = upDown("jprof.heap.used By", "Heap in use, garbage included.");
export const heapCommitted = upDown("jprof.heap.committed By", "Heap that the JVM has committed.");
export const heapLimit = upDown("jprof.heap.limit By", "The most that the heap may grow to.");
export const heapLive = upDown("jprof.heap.live By", "Heap in use after the last collection.");

export const safepoints = counter("jprof.safepoint.count {safepoint}", "Times that all threads were stopped.");
export const safepointTime = counter("jprof.safepoint.time s", "Time that the program was stopped at safepoints.");
export const safepointSyncTime = counter("jprof.safepoint.sync.time s", "Time until all threads had stopped.");
export const applicationTime = counter(
  "jprof.safepoint.application.time s",
  "Time that the program ran between safepoints.",
);

export const gcCpuTime = counter("jprof.gc.cpu.time s", "CPU time of collector threads, by task.", ["jprof.gc.task"]);
export const vmThreadCpuTime = counter("jprof.vm_thread.cpu.time s", "CPU time of the VM thread.");

export const classesLoaded = counter("jvm.class.loaded {class}", "Classes loaded since the JVM began.");
export const classesUnloaded = counter("jvm.class.unloaded {class}", "Classes unloaded since the JVM began.");
export const classCount = upDown("jvm.class.count {class}", "Classes that are loaded.");
export const classLoadTime = counter("jprof.class.load.time s", "Time spent on loading classes.");

export const jitCompilations = counter("jprof.jit.compilations {compilation}", "Compilations.", ["jprof.jit.kind"]);
export const jitTime = counter("jprof.jit.time s", "Time spent on compiling.");
export const jitInvalidations = counter("jprof.jit.invalidations {compilation}", "Compiled methods thrown away.");
export const jitBailouts = counter("jprof.jit.bailouts {compilation}", "Compilations given up.");

export const nmtReserved = upDown(
  "jprof.nmt.reserved By",
  "Native memory that the JVM has reserved, by category.",
  category,
);
export const nmtCommitted = upDown(
  "jprof.nmt.committed By",
  "Native memory that the JVM has committed, by category.",
  category,
);
export const nmtMalloc = upDown("jprof.nmt.malloc By", "Of that, memory got by malloc.", category);
export const nmtMmap = upDown("jprof.nmt.mmap By", "Of that, memory got by mmap.", category);

export const codeCacheBlobs = gauge("jprof.code_cache.blobs {blob}", "Pieces of code in the code cache.");
export const codeCacheNmethods = gauge("jprof.code_cache.nmethods {blob}", "Compiled methods in the code cache.");
export const codeCacheFull = counter("jprof.code_cache.full.count {event}", "Times that the code cache was full.");
export const compilationEnabled = gauge("jprof.code_cache.compilation.enabled 1", "Whether the JVM still compiles.");

const space = ["jprof.metaspace.space"];
export const metaspaceUsed = upDown("jprof.metaspace.used By", "Metaspace in use.", space);
export const metaspaceCommitted = upDown("jprof.metaspace.committed By", "Metaspace committed.", space);
export const metaspaceReserved = upDown("jprof.metaspace.reserved By", "Metaspace reserved.", space);
export const metaspaceWaste = upDown("jprof.metaspace.waste By", "Metaspace committed and not used.");

const className = ["jprof.class.name"];
export const classInstances = gauge("jprof.class.instances {object}", "Objects of the biggest classes.", className);
export const classBytes = gauge("jprof.class.bytes By", "Bytes of the biggest classes.", className);

const threadLabels = ["jvm.thread.daemon", "jvm.thread.state"];
export const threadCount = upDown("jvm.thread.count {thread}", "Platform threads.", threadLabels);
export const threadsStarted = counter("jprof.thread.started {thread}", "Threads started since the JVM began.");
export const threadPeak = gauge("jprof.thread.peak {thread}", "The most threads at one time.");
export const threadsDeadlocked = gauge(
  "jprof.thread.deadlocked {thread}",
  "Threads that wait for each other for ever.",
);

const bufferPool = ["jvm.buffer.pool.name"];
export const bufferMemoryUsed = upDown("jvm.buffer.memory.used By", "Memory of direct and mapped buffers.", bufferPool);
export const bufferMemoryLimit = upDown(
  "jvm.buffer.memory.limit By",
  "Capacity of direct and mapped buffers.",
  bufferPool,
);
export const bufferCount = upDown("jvm.buffer.count {buffer}", "Direct and mapped buffers.", bufferPool);

export const processCpuTime = counter("process.cpu.time s", "CPU time of the process.", ["cpu.mode"]);
export const jvmCpuTime = counter("jvm.cpu.time s", "CPU time of the JVM.");
export const jvmCpuCount = upDown("jvm.cpu.count {cpu}", "CPUs that the JVM counts on.");
export const processMemoryUsage = upDown("process.memory.usage By", "Resident memory of the process.");
export const processMemoryVirtual = upDown("process.memory.virtual By", "Address space of the process.");
export const processThreadCount = upDown("process.thread.count {thread}", "Threads of the process, the JVM's own too.");
export const processDiskIo = counter("process.disk.io By", "Bytes read from and written to disks.", [
  "disk.io.direction",
]);
export const processContextSwitches = counter("process.context_switches {context_switch}", "Context switches.", [
  "process.context_switch.type",
]);
export const processPagingFaults = counter("process.paging.faults {fault}", "Page faults.", [
  "system.paging.fault.type",
]);
export const processUptime = gauge("process.uptime s", "Time since the process began.");
export const processFileDescriptorCount = upDown(
  "process.unix.file_descriptor.count {file_descriptor}",
  "Open file descriptors.",
);
export const jvmFileDescriptorCount = upDown("jvm.file_descriptor.count {file_descriptor}", "Open file descriptors.");
export const jvmFileDescriptorLimit = upDown(
  "jvm.file_descriptor.limit {file_descriptor}",
  "The most file descriptors.",
);
export const processOomScore = gauge(
  "jprof.process.oom.score {score}",
  "How likely the kernel is to kill this process first.",
);

export const processDelayTime = counter("jprof.process.delay.time s", "Time that threads waited for a CPU.");
export const systemCpuUtilization = gauge("jvm.system.cpu.utilization 1", "Share of the machine's CPUs in use.");
export const systemCpuLoad = gauge("jvm.system.cpu.load_1m {run_queue_item}", "Load of the machine over a minute.");
export const pendingFinalization = gauge(
  "jprof.finalization.pending {object}",
  "Objects that wait for their finalizer.",
);

export const residentMemory = upDown("jprof.process.memory.resident By", "Resident memory, by kind.", [
  "jprof.memory.kind",
]);
export const swappedMemory = upDown("jprof.process.memory.swap By", "Memory of the process in swap.");
export const hugePages = upDown("jprof.process.memory.huge_pages By", "Resident memory in huge pages.");
export const untracked = gauge(
  "jprof.process.memory.untracked By",
  "Resident memory that the JVM does not account for.",
);

export const containerMemoryUsage = upDown(
  "container.memory.usage By",
  "Memory of the container, page cache included.",
);
export const containerMemoryWorkingSet = upDown(
  "container.memory.working_set By",
  "Usage less what the kernel can drop.",
);
export const containerMemoryRss = upDown("container.memory.rss By", "Anonymous memory of the container.");
export const containerMemoryUnreclaimable = upDown(
  "jprof.container.memory.unreclaimable By",
  "What the kernel cannot drop.",
);
export const containerMemoryAvailable = upDown(
  "container.memory.available By",
  "Memory that the container may still take.",
);
export const containerMemoryLimit = upDown("jprof.container.memory.limit By", "Where the kernel kills the container.");
export const containerMemoryHeadroom = upDown("jprof.container.memory.headroom By", "Limit less working set.");
export const containerMemoryEvents = counter(
  "jprof.container.memory.events {event}",
  "Events of the memory controller.",
  ["jprof.cgroup.event"],
);
export const containerCpuTime = counter("container.cpu.time s", "CPU time of the container.");
export const containerCpuLimit = upDown("jprof.container.cpu.limit {cpu}", "CPUs that the quota allows.");
export const containerCpuPeriods = counter("jprof.container.cpu.periods {period}", "Periods of the CPU quota.");
export const containerCpuThrottledPeriods = counter(
  "jprof.container.cpu.throttled.periods {period}",
  "Periods with the quota used up.",
);
export const containerCpuThrottledTime = counter(
  "jprof.container.cpu.throttled.time s",
  "Time that threads waited for the next period.",
);
export const pressureStallTime = counter(
  "jprof.pressure.stall.time s",
  "Time that tasks waited for a resource.",
  pressure,
);

export const heapLiveSlope = gauge("jprof.heap.live.slope By/s", "How fast the live heap grows.");
export const heapTimeToFull = gauge("jprof.heap.time_to_full s", "Until the heap is full at the present slope.");
export const containerMemorySlope = gauge(
  "jprof.container.memory.slope By/s",
  "How fast the container's memory grows.",
);
export const containerTimeToLimit = gauge(
  "jprof.container.memory.time_to_limit s",
  "Until the kernel kills the container.",
);
export const cpuUtilization = gauge("jvm.cpu.recent_utilization 1", "Share of its CPUs that the JVM uses.");
export const gcOverhead = gauge("jprof.gc.overhead 1", "Share of wall time in GC pauses.");

export const jvmInfo = gauge("jprof.jvm.info {jvm}", "Which JVM this is.", jvmInfoLabels);
export const targetRequests = counter("jprof.target.requests {request}", "Requests of jprof to the JVM.", [
  "jprof.command",
  "jprof.outcome",
]);
export const targetRequestTime = counter("jprof.target.request.time s", "Time of these requests.", ["jprof.command"]);
export const targetStoppedTime = counter("jprof.target.stopped.time s", "How long they stopped the JVM, at most.", [
  "jprof.command",
]);

const collector = ["jprof.collector"];
export const collectorDuration = gauge("jprof.collector.duration s", "How long a collector took.", collector);
export const collectorAge = gauge("jprof.collector.age s", "How old a collector's values are.", collector);
export const collectorUp = gauge("jprof.collector.up {state}", "Whether a collector works.", collector);
export const sourceInfo = gauge("jprof.source.info {source}", "Where its values come from.", [
  ...collector,
  "jprof.source",
]);
export const targetUp = gauge("jprof.target.up {state}", "Whether jprof can ask this JVM.");
export const targetCount = gauge("jprof.target.count {jvm}", "JVMs that jprof knows.", ["jprof.state"]);
export const seriesDropped = counter("jprof.series.dropped {series}", "Series dropped by the limit.");
export const scrapeDuration = gauge("jprof.scrape.duration s", "How long the last scrape took.");

function counter(nameAndUnit: string, help: string, labels: readonly string[] = []): Metric {
  return metric("counter", nameAndUnit, help, labels);
}

function upDown(nameAndUnit: string, help: string, labels: readonly string[] = []): Metric {
  return metric("updowncounter", nameAndUnit, help, labels);
}

function gauge(nameAndUnit: string, help: string, labels: readonly string[] = []): Metric {
  return metric("gauge", nameAndUnit, help, labels);
}

function metric(kind: MetricKind, nameAndUnit: string, help: string, labels: readonly string[]): Metric {
  const [name = "", unit = ""] = nameAndUnit.split(" ");
  return { name, unit, kind, help, labels, stability: "development" };
}
