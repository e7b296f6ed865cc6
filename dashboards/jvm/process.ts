import {
  containerCpuLimit,
  containerCpuPeriods,
  containerCpuThrottledPeriods,
  containerCpuThrottledTime,
  containerCpuTime,
  cpuRecentUtilization,
  jvmCpuCount,
  jvmCpuTime,
  jvmFileDescriptorCount,
  jvmFileDescriptorLimit,
  pressureStallTime,
  processContextSwitches,
  processCpuTime,
  processDelayTime,
  processDiskIo,
  processFileDescriptorCount,
  processOomScore,
  processPagingFaults,
  systemCpuLoad,
  systemCpuUtilization,
} from "../metrics.ts";
import type { TimeseriesSpec } from "../panels.ts";
import { interval, jvm } from "../scope.ts";

const rate = (selector: string) => `rate(${selector}[${interval}])`;

/** The process as the kernel sees it. */
export const processPanels: readonly TimeseriesSpec[] = [
  {
    title: "CPUs in use",
    about: "By the process, its container, and how many there are.",
    unit: "short",
    queries: {
      "{{cpu_mode}}": rate(jvm(processCpuTime)),
      JVM: rate(jvm(jvmCpuTime)),
      container: rate(jvm(containerCpuTime)),
      "quota of the container": jvm(containerCpuLimit),
      "CPUs of the JVM": jvm(jvmCpuCount),
    },
  },
  {
    title: "CPU utilization",
    about: "Of the CPUs that the JVM may use, and of the machine's.",
    unit: "percentunit",
    queries: { JVM: jvm(cpuRecentUtilization), machine: jvm(systemCpuUtilization) },
  },
  {
    title: "Throttling",
    about:
      "Share of the periods in which the CPU quota was used up, and seconds per second that threads waited for the next one.",
    unit: "percentunit",
    queries: {
      periods: `${rate(jvm(containerCpuThrottledPeriods))} / (${rate(jvm(containerCpuPeriods))} > 0)`,
      waiting: rate(jvm(containerCpuThrottledTime)),
    },
    runbooks: ["CpuThrottled"],
  },
  {
    title: "Pressure (PSI)",
    about: "Share of time in which some tasks, or all of them (full), waited for a resource.",
    unit: "percentunit",
    queries: {
      "{{jprof_pressure_of}} {{jprof_pressure_resource}}, {{jprof_pressure_scope}}": rate(jvm(pressureStallTime)),
    },
    runbooks: ["MemoryPressure"],
  },
  {
    title: "Waiting for a CPU",
    about: "Seconds per second, over all threads: they could have run.",
    unit: "short",
    queries: { waiting: rate(jvm(processDelayTime)), "load of the machine": jvm(systemCpuLoad) },
  },
  {
    title: "Context switches",
    about: "Involuntary ones: a thread had to leave its CPU to another.",
    unit: "cps",
    queries: { "{{process_context_switch_type}}": rate(jvm(processContextSwitches)) },
  },
  {
    title: "Disk I/O",
    about: "What reached the disks; the page cache answers the rest.",
    unit: "binBps",
    queries: { "{{disk_io_direction}}": rate(jvm(processDiskIo)) },
  },
  {
    title: "Page faults",
    about: "Major ones wait for a disk.",
    unit: "cps",
    queries: { "{{system_paging_fault_type}}": rate(jvm(processPagingFaults)) },
    runbooks: ["MemoryPressure"],
  },
  {
    title: "File descriptors",
    about: "At the limit no file and no connection can be opened.",
    unit: "short",
    queries: {
      open: jvm(jvmFileDescriptorCount),
      "open, as the kernel says": jvm(processFileDescriptorCount),
      limit: jvm(jvmFileDescriptorLimit),
    },
    runbooks: ["FileDescriptorsNearLimit"],
  },
  {
    title: "Out-of-memory score",
    about: "The process with the highest one dies first.",
    unit: "short",
    queries: { score: jvm(processOomScore) },
    runbooks: ["ContainerOomKill"],
  },
];
