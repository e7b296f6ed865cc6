import { numberIn } from "../src/formats/jolokia/values.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import type { MBeanRead } from "../src/model/target.ts";
import { readMBeans } from "./mbean-read.ts";

const common = { kind: "gauge", labels: [], stability: "development" } as const;

export const systemCpuUtilization: Metric = {
  ...common,
  name: "jvm.system.cpu.utilization",
  unit: "1",
  help: "Share of the machine's or container's CPU time that was used lately, as the JVM sees it.",
};

export const systemCpuLoad: Metric = {
  ...common,
  name: "jvm.system.cpu.load_1m",
  unit: "{run_queue_item}",
  help: "Tasks that run or wait to run on the machine, averaged over the last minute.",
};

export const pendingFinalization: Metric = {
  ...common,
  name: "jprof.finalization.pending",
  unit: "{object}",
  help: "Objects that wait to be finalized; a growing number is a finalizer that hangs or is too slow.",
};

/** `CpuLoad` since JDK 14, `SystemCpuLoad` before it. */
const reads: readonly MBeanRead[] = [
  { mbean: "java.lang:type=OperatingSystem", attributes: ["CpuLoad", "SystemCpuLoad", "SystemLoadAverage"] },
  { mbean: "java.lang:type=Memory", attributes: ["ObjectPendingFinalizationCount"] },
];
const metrics = [systemCpuUtilization, systemCpuLoad, pendingFinalization];

/** What the JVM's platform MBeans tell and nothing else does. */
export const mbeanRuntimeCollector: Collector = {
  name: "mbean-runtime",
  description: "Load of the machine as the JVM sees it, and objects that wait to be finalized",
  enabledByDefault: true,
  policy: "observe",
  metrics,
  async collect(target, signal) {
    const values = await readMBeans(target, reads, valuesOf, signal);
    if (!values.ok) {
      return { samples: [], missing: [{ metrics: metrics.map(({ name }) => name), reason: values.reason }] };
    }
    const { source, takenAtMillis } = values;
    const told = (value: number | undefined): value is number => value !== undefined && value >= 0;
    const samples = values.value.flatMap(([metric, value]) =>
      told(value) ? [{ metric, value, labels: {}, source, takenAtMillis }] : [],
    );
    const untold = values.value.flatMap(([metric, value]) => (told(value) ? [] : [metric.name]));
    if (untold.length === 0) return { samples, missing: [] };
    return { samples, missing: [{ metrics: untold, reason: "the JVM does not tell it here" }] };
  },
};

function valuesOf([system, memory]: readonly unknown[]):
  | readonly (readonly [Metric, number | undefined])[]
  | undefined {
  if (system === undefined && memory === undefined) return undefined;
  return [
    [systemCpuUtilization, numberIn(system, "CpuLoad") ?? numberIn(system, "SystemCpuLoad")],
    [systemCpuLoad, numberIn(system, "SystemLoadAverage")],
    [pendingFinalization, numberIn(memory, "ObjectPendingFinalizationCount")],
  ];
}
