import { fits, is, type Matcher, type Select, selectIn } from "./promql.ts";

const place: readonly Matcher[] = [fits("cluster", "$cluster"), fits("namespace", "$namespace")];

/** Every JVM that the reader chose by place and service. */
export const fleet: Select = selectIn(...place, fits("service.name", "$service_name"));

/** What any jprof there says of itself. */
export const fleetJprof: Select = selectIn(...place);

/** The one JVM of the reader's choice. */
export const jvm: Select = selectIn(
  ...place,
  is("service.name", "$service_name"),
  is("instance", "$instance"),
  is("process.pid", "$process_pid"),
);

/** What the chosen jproves say, of themselves and of any JVM. */
export const jprof: Select = selectIn(...place, fits("instance", "$instance"));

/** jprof's own process: it exports itself as a service of that name. */
export const jprofProcess: Select = selectIn(...place, fits("instance", "$instance"), is("service.name", "jprof"));

/** Grafana's: at least four scrapes, so that a rate always has its two points. */
export const interval = "$__rate_interval";

/** Labels that name one JVM anywhere: what jprof says, and what the scrape adds. */
export const identityLabels = "service_name, pod, process_pid, instance, namespace, cluster";

/** The same as columns of a table. */
export const identityColumns = {
  Service: "service_name",
  Pod: "pod",
  PID: "process_pid",
  Instance: "instance",
  Namespace: "namespace",
  Cluster: "cluster",
} as const;

/** How a legend names one JVM among many. */
export const identityLegend = "{{service_name}} {{pod}} {{process_pid}}";
