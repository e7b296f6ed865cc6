import { collectorAge, collectorUp, safepointTime, targetCount, targetStoppedTime, targetUp } from "../metrics.ts";
import { max, selectIn, sum } from "../promql.ts";
import { type Alert, type Pace, type RuleGroup, who } from "./rule.ts";

const select = selectIn();

/** jprof itself, and what it sees. */
export function jprofAlerts(pace: Pace): RuleGroup {
  return { name: "jprof-itself", recordings: [], alerts: [jvmDown(pace), jprofDown(pace), stale(pace), budget(pace)] };
}

function jvmDown(pace: Pace): Alert {
  return {
    name: "JvmTargetDown",
    severity: "warning",
    expression: `${select(targetUp)} == 0`,
    for: pace.span(5),
    summary: `${who}: the process is there, and the JVM in it does not answer (up: {{ $value }})`,
    description:
      "For minutes it has answered no request and changed no counter: it hangs, or it is stopped. /targets says what shows it.",
  };
}

function jprofDown(pace: Pace): Alert {
  return {
    name: "JprofDown",
    severity: "warning",
    expression: `up == 0
and on (job, instance) last_over_time((${max(targetCount, select(targetCount))})[${pace.span(1440)}:${pace.span(5)}]) >= 0`,
    for: pace.span(10),
    summary: "jprof at {{ $labels.instance }} cannot be scraped (up: {{ $value }}): its JVMs are not watched",
    description: "It could be within the last day. No other alert on its JVMs can fire meanwhile.",
  };
}

function stale(pace: Pace): Alert {
  return {
    name: "CollectorStale",
    severity: "warning",
    expression: `${select(collectorAge)} > 900
or ${select(collectorUp)} == 0`,
    for: pace.span(15),
    summary: `${who}: {{ $labels.jprof_collector }} has told nothing new for a quarter of an hour`,
    description: "What it tells is missing, and alerts that need it cannot fire.",
  };
}

/** At most half a percent of the time, and only where it is much of all that stopped the JVM: a pause of its own may fall into a request. */
function budget(pace: Pace): Alert {
  const rate = (selector: string) => `rate(${selector}[${pace.span(60)}])`;
  const stopped = sum(targetStoppedTime, rate(select(targetStoppedTime)));
  return {
    name: "StopBudgetExceeded",
    severity: "warning",
    expression: `${stopped} > 0.005
unless ${stopped} < 0.25 * ${rate(select(safepointTime))}`,
    for: pace.span(15),
    summary: `${who}: jprof itself stops it {{ $value | humanizePercentage }} of the time`,
    description: "More than half a percent, over an hour. jprof is to help, not to hurt.",
  };
}
