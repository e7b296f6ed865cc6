import type { LabelVariable } from "./build.ts";
import { targetCount, targetUp } from "./metrics.ts";
import { fits, is, selectIn } from "./promql.ts";

const anywhere = selectIn();
const inCluster = selectIn(fits("cluster", "$cluster"));
const inNamespace = selectIn(fits("cluster", "$cluster"), fits("namespace", "$namespace"));
const ofService = selectIn(
  fits("cluster", "$cluster"),
  fits("namespace", "$namespace"),
  is("service.name", "$service_name"),
);
const ofInstance = selectIn(
  fits("cluster", "$cluster"),
  fits("namespace", "$namespace"),
  is("service.name", "$service_name"),
  is("instance", "$instance"),
);

/** Empty where series have no such labels: then all of them fit. */
export const placeVariables: readonly LabelVariable[] = [
  { name: "cluster", title: "Cluster", from: anywhere(targetCount), many: true },
  { name: "namespace", title: "Namespace", from: inCluster(targetCount), many: true },
];

export const servicesVariable: LabelVariable = {
  name: "service_name",
  title: "Service",
  from: inNamespace(targetUp),
  many: true,
};

/** Which jprof: each is scraped as one instance. */
export const jprofsVariable: LabelVariable = {
  name: "instance",
  title: "jprof",
  from: inNamespace(targetCount),
  many: true,
};

/** From the service to one process of it. */
export const oneJvmVariables: readonly LabelVariable[] = [
  { name: "service_name", title: "Service", from: inNamespace(targetUp) },
  { name: "instance", title: "Instance", from: ofService(targetUp) },
  { name: "process_pid", title: "PID", from: ofInstance(targetUp) },
];
