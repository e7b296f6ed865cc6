import type { Metric } from "./metric.ts";

// Of every process that jprof tells of: JVMs, and itself.

export const processCpuTime: Metric = {
  name: "process.cpu.time",
  unit: "s",
  kind: "counter",
  help: "CPU time that the process used, in its own code and in the kernel.",
  labels: ["cpu.mode"],
  stability: "development",
};

export const processMemoryUsage: Metric = {
  name: "process.memory.usage",
  unit: "By",
  kind: "updowncounter",
  help: "Memory of the process that is in RAM (RSS).",
  labels: [],
  stability: "development",
};

export const processUptime: Metric = {
  name: "process.uptime",
  unit: "s",
  kind: "gauge",
  help: "Time since the process began.",
  labels: [],
  stability: "development",
};
