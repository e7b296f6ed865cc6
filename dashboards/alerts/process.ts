import { jvmFileDescriptorCount, jvmFileDescriptorLimit, processUptime, threadDeadlocked } from "../metrics.ts";
import { selectIn } from "../promql.ts";
import { steadyGrowth } from "./growth.ts";
import { recorded } from "./recordings.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();

/** Threads, descriptors, and the process as a whole. */
export function processAlerts(pace: Pace): RuleGroup {
  return {
    name: "jprof-process",
    recordings: [],
    alerts: [threads(pace), deadlock(pace), descriptors(pace), restarts(pace)],
  };
}

function threads(pace: Pace): Alert {
  return {
    name: "ThreadsGrowing",
    severity: "warning",
    expression: steadyGrowth({ pace, floor: recorded.threadsFloor, atLeast: 100, atLeastShare: 0.3 }),
    for: pace.span(15),
    summary: `${who}: {{ $value | humanize }} more threads than three hours ago, and still growing`,
    description:
      "Threads are started and do not end: a pool that is made anew each time, or threads that wait for ever.",
  };
}

function deadlock(pace: Pace): Alert {
  return {
    name: "Deadlock",
    severity: "critical",
    expression: `${select(threadDeadlocked)} > 0`,
    for: pace.span(1),
    summary: `${who}: {{ $value }} threads wait for each other and will for ever`,
    description: "Nothing but a restart ends a deadlock. Take a thread dump first.",
  };
}

function descriptors(pace: Pace): Alert {
  return {
    name: "FileDescriptorsNearLimit",
    severity: "warning",
    expression: `${select(jvmFileDescriptorCount)} / (${select(jvmFileDescriptorLimit)} > 0) > 0.85`,
    for: pace.span(10),
    summary: `${who}: {{ $value | humanizePercentage }} of its file descriptors are open`,
    description: "At the limit it can open no file and accept no connection.",
  };
}

/** In one place the pid stays the same over a restart (pid 1 of a container), in another it does not. */
function restarts(pace: Pace): Alert {
  const age = select(processUptime);
  const hour = pace.span(60);
  return {
    name: "JvmRestarting",
    severity: "warning",
    expression: `sum without (process_pid) (resets(${age}[${hour}])) >= 3
or (
  count without (process_pid) (min_over_time(${age}[${hour}]) < ${pace.seconds(2)} unless ${age}) >= 3
  and count without (process_pid) (${age}) == 1
)`,
    for: "0s",
    keepFiringFor: pace.span(15),
    summary:
      "{{ $labels.service_name }}{{ with $labels.pod }} ({{ . }}){{ end }}: {{ $value }} restarts within an hour",
    description: "The JVM begins again and again.",
  };
}
