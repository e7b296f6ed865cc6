import type { Severity } from "../model/finding.ts";
import { formatBytes, formatCount, formatPercent } from "../model/format-number.ts";
import type { Sample } from "../model/metric.ts";

/** One thing that the present values of a JVM say, for a person who looks at it now. */
export interface Verdict {
  readonly code: string;
  readonly severity: Severity;
  readonly text: string;
}

/** What is wrong with a JVM by its newest values, worst first. The alert rules judge the same over time. */
export function verdictsOf(samples: readonly Sample[]): readonly Verdict[] {
  const value = (name: string) => samples.find(({ metric }) => metric.name === name)?.value;
  const verdicts = rules.flatMap((rule) => rule(value) ?? []);
  return verdicts.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

type Values = (metricName: string) => number | undefined;
const order: readonly Severity[] = ["critical", "warning", "info"];
const hour = 3600;

const rules: readonly ((value: Values) => Verdict | undefined)[] = [
  (value) => {
    const seconds = value("jprof.container.memory.time_to_limit");
    if (seconds === undefined || seconds > 6 * hour) return undefined;
    const text = `the kernel kills the container in ${formatDuration(seconds)} at the present slope`;
    return { code: "container-time-to-limit", severity: seconds < hour ? "critical" : "warning", text };
  },
  (value) => {
    const seconds = value("jprof.heap.time_to_full");
    if (seconds === undefined || seconds > 6 * hour) return undefined;
    const slope = value("jprof.heap.live.slope") ?? 0;
    const text = `what survives collections grows by ${formatBytes(slope * 60)} a minute: the heap is full in ${formatDuration(seconds)}`;
    return { code: "heap-time-to-full", severity: seconds < hour ? "critical" : "warning", text };
  },
  (value) => {
    const [live, limit] = [value("jprof.heap.live"), value("jprof.heap.limit")];
    if (live === undefined || limit === undefined || limit === 0 || live / limit < 0.85) return undefined;
    const text = `${formatPercent(live / limit)} of the heap was in use after the last collection`;
    return { code: "heap-nearly-full", severity: live / limit > 0.95 ? "critical" : "warning", text };
  },
  (value) => {
    const overhead = value("jprof.gc.overhead");
    if (overhead === undefined || overhead < 0.1) return undefined;
    const text = `collections stop the program for ${formatPercent(overhead)} of the time`;
    return { code: "gc-overhead", severity: overhead > 0.3 ? "critical" : "warning", text };
  },
  (value) => {
    const deadlocked = value("jprof.thread.deadlocked") ?? 0;
    if (deadlocked === 0) return undefined;
    return {
      code: "deadlock",
      severity: "critical",
      text: `${formatCount(deadlocked)} threads wait for each other for ever`,
    };
  },
  (value) => {
    const [used, limit] = [value("jprof.container.memory.unreclaimable"), value("jprof.container.memory.limit")];
    if (used === undefined || limit === undefined || used / limit < 0.9) return undefined;
    const text = `the container uses ${formatPercent(used / limit)} of its memory limit of ${formatBytes(limit)}`;
    return { code: "container-nearly-full", severity: used / limit > 0.97 ? "critical" : "warning", text };
  },
  (value) => {
    const [open, limit] = [value("jvm.file_descriptor.count"), value("jvm.file_descriptor.limit")];
    if (open === undefined || limit === undefined || open / limit < 0.8) return undefined;
    const text = `${formatCount(open)} of ${formatCount(limit)} file descriptors are open`;
    return { code: "file-descriptors", severity: open / limit > 0.95 ? "critical" : "warning", text };
  },
];

/** `45 s`, `12 min`, `3.5 h`, `2 d`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * hour) return `${(seconds / hour).toFixed(1)} h`;
  return `${Math.round(seconds / (24 * hour))} d`;
}
