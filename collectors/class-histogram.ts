import { type HistogramClass, parseClassHistogram } from "../src/formats/jcmd/class-histogram.ts";
import type { Collector } from "../src/model/collector.ts";
import type { Metric } from "../src/model/metric.ts";
import { commandReply, nothingOf, samplerOf } from "./command-reply.ts";

const common = { kind: "gauge", labels: ["jprof.class.name"], stability: "development" } as const;

/** Of the biggest classes; `other` is the rest. */
export const classInstances: Metric = {
  ...common,
  name: "jprof.class.instances",
  unit: "{object}",
  help: "Objects in the heap, garbage included, of the classes with the most bytes.",
};

/** Of the biggest classes; `other` is the rest. */
export const classBytes: Metric = {
  ...common,
  name: "jprof.class.bytes",
  unit: "By",
  help: "Bytes of the objects in the heap, garbage included, of the classes with the most bytes.",
};

const metrics = [classInstances, classBytes];
const biggest = 30;

/** Tells what the heap is full of. The JVM stands still while it counts: seconds for a heap of gigabytes. */
export const classHistogramCollector: Collector = {
  name: "class-histogram",
  description: "objects and bytes in the heap by class; stops the JVM while it counts",
  enabledByDefault: false,
  policy: "diagnose",
  everySeconds: 300,
  metrics,
  async collect(target, signal) {
    const question = { command: "GC.class_histogram -all", parse: parseClassHistogram };
    const answer = await commandReply(target, question, signal);
    if (!answer.ok) return nothingOf(metrics, answer.reason);
    if (!answer.value.total) return nothingOf(metrics, `the reply to ${question.command} is not complete`);
    const sample = samplerOf(answer);
    const samples = topOf(sumByName(answer.value.classes)).flatMap(({ name, instances, bytes }) => [
      sample(classInstances, instances, { "jprof.class.name": name }),
      sample(classBytes, bytes, { "jprof.class.name": name }),
    ]);
    return { samples, missing: [] };
  },
};

interface ClassSum {
  readonly name: string;
  readonly instances: number;
  readonly bytes: number;
}

function sumByName(classes: readonly HistogramClass[]): readonly ClassSum[] {
  const sums = new Map<string, ClassSum>();
  for (const { className, instances, shallowBytes } of classes) {
    const name = lastingName(className);
    const known = sums.get(name);
    sums.set(name, {
      name,
      instances: instances + (known?.instances ?? 0),
      bytes: shallowBytes + (known?.bytes ?? 0),
    });
  }
  return [...sums.values()];
}

/** `Foo$$Lambda$14/0x0000000800c03000` has another number in each run, and each lambda is a class by itself: all are `Foo$$Lambda`. */
function lastingName(className: string): string {
  return className.replace(/\/0x[0-9a-f]+/, "").replace(/\$\$Lambda\$\d+/, "$$$$Lambda");
}

function topOf(sums: readonly ClassSum[]): readonly ClassSum[] {
  const sorted = [...sums].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  const rest = sorted.slice(biggest);
  if (rest.length === 0) return sorted;
  const other = rest.reduce((sum, { instances, bytes }) => ({
    name: "other",
    instances: sum.instances + instances,
    bytes: sum.bytes + bytes,
  }));
  return [...sorted.slice(0, biggest), { ...other, name: "other" }];
}
