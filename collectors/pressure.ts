import { parsePressure } from "../src/formats/proc/pressure.ts";
import type { Pressure } from "../src/model/cgroup.ts";
import type { Collection, Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import type { Target } from "../src/model/target.ts";
import { collectionOf, combined, missing, type Reading } from "./readings.ts";

const resources = ["cpu", "memory", "io"] as const;
type Resource = (typeof resources)[number];

export const pressureStallTime: Metric = {
  name: "jprof.pressure.stall.time",
  unit: "s",
  kind: "counter",
  help: "Time in which some, or all, tasks of the container or the host waited for a resource (PSI).",
  labels: ["jprof.pressure.resource", "jprof.pressure.scope", "jprof.pressure.of"],
  stability: "development",
};

/** Who waits for what, as the kernel's pressure stall information has it. */
export const pressureCollector: Collector = {
  name: "pressure",
  description: "time that the container and the host lost waiting for CPU, memory and storage",
  enabledByDefault: true,
  policy: "observe",
  metrics: [pressureStallTime],
  async collect(target, signal) {
    return combined(await Promise.all([containerPressure(target, signal), hostPressure(target, signal)]));
  },
};

async function containerPressure(target: Target, signal: AbortSignal): Promise<Collection> {
  const answer = await target.cgroup(signal);
  if (!answer.ok) return missing([pressureStallTime], `container: ${answer.reason}`);
  const { pressure } = answer.value;
  if (resources.every((resource) => pressure[resource] === undefined)) {
    return missing([pressureStallTime], "container: no control group of version 2 with pressure stall information");
  }
  return collectionOf(answer, [pressureStallTime], () =>
    resources.flatMap((resource) => readingsOf(pressure[resource], resource, "container")),
  );
}

async function hostPressure(target: Target, signal: AbortSignal): Promise<Collection> {
  const answers = await Promise.all(resources.map((resource) => target.readProc(`/pressure/${resource}`, signal)));
  const [refused] = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]));
  if (answers.every(({ ok }) => !ok)) return missing([pressureStallTime], `host: ${refused}`);
  return combined(
    answers.map((answer, index) =>
      collectionOf(answer, [pressureStallTime], (text) => hostReadings(parsePressure(text), resources[index]!)),
    ),
  );
}

/** All of a machine's tasks cannot wait for a CPU: for the host the kernel writes 0 there, which tells nothing. */
function hostReadings(pressure: Pressure, resource: Resource): readonly Reading[] {
  return readingsOf(resource === "cpu" ? { ...pressure, fullSeconds: undefined } : pressure, resource, "host");
}

function readingsOf(pressure: Pressure | undefined, resource: Resource, of: "container" | "host"): readonly Reading[] {
  return (["some", "full"] as const).map((scope) => ({
    metric: pressureStallTime,
    value: pressure?.[`${scope}Seconds`],
    labels: { "jprof.pressure.resource": resource, "jprof.pressure.scope": scope, "jprof.pressure.of": of },
  }));
}
