import {
  containerCpuPeriods,
  containerCpuThrottledPeriods,
  containerCpuThrottledTime,
  containerMemoryEvents,
  containerMemoryLimit,
  containerMemoryUnreclaimable,
  containerTimeToLimit,
  pressureStallTime,
  targetCount,
} from "../metrics.ts";
import { is, max, selectIn } from "../promql.ts";
import { unlessYoungerThan } from "./growth.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();
/** Page cache does not count: the kernel drops it before it kills. */
const fill = `${select(containerMemoryUnreclaimable)} / ${select(containerMemoryLimit)}`;

/** The container's limits, not the JVM's. */
export function containerAlerts(pace: Pace): RuleGroup {
  return {
    name: "jprof-container",
    recordings: [],
    alerts: [timeToLimit(pace), nearLimit(pace), killed(pace), throttled(pace), pressure(pace)],
  };
}

function timeToLimit(pace: Pace): Alert {
  return {
    name: "ContainerMemoryTimeToLimit",
    severity: "critical",
    expression: `${select(containerTimeToLimit)} < 3600
and ${fill} > 0.85
${unlessYoungerThan(pace, 30)}`,
    for: pace.span(10),
    summary: `${who}: the kernel kills the container in {{ $value | humanizeDuration }}`,
    description:
      "At the pace of the last minutes its memory reaches the limit. The JVM gets no chance to write a heap dump then.",
  };
}

function nearLimit(pace: Pace): Alert {
  return {
    name: "ContainerMemoryNearLimit",
    severity: "warning",
    expression: `${fill} > 0.93`,
    for: pace.span(15),
    summary: `${who}: {{ $value | humanizePercentage }} of the container's memory is taken and cannot be dropped`,
    description: "Memory that is not page cache alone is this close to the limit at which the kernel kills.",
  };
}

/** The victim may be the JVM itself: then its series end near the limit, while jprof goes on. */
function killed(pace: Pace): Alert {
  const kills = select(containerMemoryEvents, is("jprof.cgroup.event", "oom_kill"));
  const last = (selector: string) => `last_over_time(${selector}[${pace.span(10)}])`;
  return {
    name: "ContainerOomKill",
    severity: "critical",
    expression: `${max(containerMemoryEvents, `ceil(increase(${kills}[${pace.span(10)}]))`)} > 0
or (
  (${last(select(containerMemoryUnreclaimable))} / ${last(select(containerMemoryLimit))} > bool 0.97) == 1
  unless ${select(containerMemoryUnreclaimable)}
  and on (job, instance) ${max(targetCount, select(targetCount))} >= 0
)`,
    for: "0s",
    summary: `${who}: {{ $value }} processes killed by the kernel for want of memory in its container`,
    description:
      "Either it counted a kill, or the JVM was gone right after its container had come within 3 % of its limit.",
  };
}

function throttled(pace: Pace): Alert {
  const rate = (selector: string) => `rate(${selector}[${pace.span(5)}])`;
  return {
    name: "CpuThrottled",
    severity: "warning",
    expression: `${rate(select(containerCpuThrottledPeriods))} / (${rate(select(containerCpuPeriods))} > 0) > 0.25
and ${rate(select(containerCpuThrottledTime))} > 0.1`,
    for: pace.span(15),
    summary: `${who}: its CPU quota was used up in {{ $value | humanizePercentage }} of the periods`,
    description: "All its threads, those of the collector too, then wait for the next period: up to 100 ms each time.",
  };
}

function pressure(pace: Pace): Alert {
  const matchers = [
    is("jprof.pressure.resource", "memory"),
    is("jprof.pressure.scope", "full"),
    is("jprof.pressure.of", "container"),
  ];
  return {
    name: "MemoryPressure",
    severity: "warning",
    expression: `${max(pressureStallTime, `rate(${select(pressureStallTime, ...matchers)}[${pace.span(5)}])`)} > 0.05`,
    for: pace.span(10),
    summary: `${who}: everything in its container waits for memory {{ $value | humanizePercentage }} of the time`,
    description: "The kernel is busy getting memory back: swapping, or reading again what it had just dropped.",
  };
}
