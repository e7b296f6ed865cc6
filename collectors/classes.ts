import { numberIn } from "../src/formats/jolokia/values.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import type { PerfCounters } from "../src/model/target.ts";
import { type BeanValue, type Counted, collectByTiers, timeCounter } from "./counted.ts";

const common = { unit: "{class}", kind: "counter", labels: [], stability: "stable" } as const;

export const classLoaded: Metric = {
  ...common,
  name: "jvm.class.loaded",
  help: "Classes loaded since the JVM began, shared ones too.",
};

export const classUnloaded: Metric = {
  ...common,
  name: "jvm.class.unloaded",
  help: "Classes unloaded since the JVM began.",
};

export const classCount: Metric = {
  ...common,
  name: "jvm.class.count",
  kind: "updowncounter",
  help: "Classes that are loaded now.",
};

export const classLoadTime: Metric = {
  ...common,
  name: "jprof.class.load.time",
  unit: "s",
  help: "Time spent loading classes.",
  stability: "development",
};

const counted: readonly Counted[] = [
  { metric: classLoaded, read: loadedOf },
  { metric: classUnloaded, read: unloadedOf },
  { metric: classCount, read: (counters) => difference(loadedOf(counters), unloadedOf(counters)) },
  { metric: classLoadTime, read: timeCounter("sun.cls.time") },
];

const beanValues: readonly BeanValue[] = [
  { metric: classLoaded, read: (bean) => numberIn(bean, "TotalLoadedClassCount") },
  { metric: classUnloaded, read: (bean) => numberIn(bean, "UnloadedClassCount") },
  { metric: classCount, read: (bean) => numberIn(bean, "LoadedClassCount") },
];
const bean = {
  mbean: "java.lang:type=ClassLoading",
  attributes: ["TotalLoadedClassCount", "UnloadedClassCount", "LoadedClassCount"],
};

/** Tells how many classes are loaded; a number that grows for ever is a leak of class loaders. */
export const classesCollector: Collector = {
  name: "classes",
  description: "classes loaded and unloaded, and the time that took",
  enabledByDefault: true,
  policy: "observe",
  metrics: counted.map(({ metric }) => metric),
  collect: (target, signal) => collectByTiers(target, { counted, bean, beanValues }, signal),
};

/** Classes from the shared archive are counted apart. */
function loadedOf(counters: PerfCounters): number | undefined {
  return sum(counters.number("java.cls.loadedClasses"), counters.number("java.cls.sharedLoadedClasses"));
}

function unloadedOf(counters: PerfCounters): number | undefined {
  return sum(counters.number("java.cls.unloadedClasses"), counters.number("java.cls.sharedUnloadedClasses"));
}

function sum(own: number | undefined, shared: number | undefined): number | undefined {
  return own === undefined ? undefined : own + (shared ?? 0);
}

function difference(loaded: number | undefined, unloaded: number | undefined): number | undefined {
  return loaded === undefined || unloaded === undefined ? undefined : loaded - unloaded;
}
