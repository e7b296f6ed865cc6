import type { AnalysisOptions, Analyzer } from "../src/model/analyzer.ts";
import { formatBytes, formatNumberOf } from "../src/model/format-number.ts";
import type { HeapEvidence } from "../src/model/heap-evidence.ts";
import type { Section } from "../src/model/section.ts";
import { heapLimitOf } from "./heap-limit.ts";
import { classesNamed, instancesOf, readObjects, readStrings, referenceOf, staticNamed } from "./heap-lookup.ts";
import { collectionInnards, listElementsOf, mapEntriesOf } from "./java-collections.ts";
import { isOpenProperty, redactArgument, redacted } from "./redaction.ts";
import { thresholds } from "./thresholds.ts";

/** What the dump itself says of the JVM that wrote it: version, properties, arguments, limits. */
export const jvmFacts: Analyzer<"heap"> = {
  name: "jvm-facts",
  description: "version, system properties and arguments of the JVM, as far as the dump holds them",
  needs: ["heap"],
  analyze: ({ heap }, options) => ({ findings: [], sections: [sectionOf(factsOf(heap, options))] }),
};

interface Property {
  readonly name: string;
  readonly value: string;
}

interface JvmFacts {
  readonly name?: string;
  readonly version?: string;
  readonly collector?: string;
  readonly vmVersion?: string;
  readonly mainClass?: string;
  readonly maxHeapBytes?: number;
  readonly maxHeapSource?: string;
  readonly arguments: readonly string[];
  readonly properties: readonly Property[];
}

function factsOf(heap: HeapEvidence, options: AnalysisOptions): JvmFacts {
  const { properties, argumentList, collectorNames } = readFacts(heap);
  const propertyNamed = (name: string) => properties.find((property) => property.name === name)?.value;
  const vmName = propertyNamed("java.vm.name");
  const limit = heapLimitOf(heap);
  return withoutUndefined({
    name: vmName
      ?.replace(/ (64-Bit |32-Bit )?(Server|Client|Minimal|Zero) VM.*$/, "")
      .replace(/^Java HotSpot\(TM\)$/, "HotSpot"),
    version: propertyNamed("java.version") || propertyNamed("java.runtime.version") || propertyNamed("java.vm.version"),
    collector: collectorOf(argumentList, collectorNames),
    vmVersion: propertyNamed("java.vm.version"),
    mainClass: mainClassOf(heap),
    maxHeapBytes: limit?.bytes,
    maxHeapSource: limit?.source,
    arguments: options.showValues ? argumentList : argumentList.map(redactArgument),
    properties: properties.slice(0, thresholds.rows.properties).map(({ name, value }) => ({
      name,
      value: options.showValues || isOpenProperty(name, value) ? value : redacted,
    })),
  });
}

type MaybeUndefined<T> = { readonly [K in keyof T]: T[K] | undefined };

function withoutUndefined(facts: MaybeUndefined<JvmFacts>): JvmFacts {
  const { arguments: argumentList = [], properties = [], ...rest } = facts;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    arguments: argumentList,
    properties,
  };
}

/** Two passes over the file: one for the maps, lists and collectors' beans, one for their texts. */
function readFacts(heap: HeapEvidence) {
  const maps = propertyMapsOf(heap);
  const vms = instancesOf(heap, ({ name }) => name === "sun.management.VMManagementImpl", 10);
  const collectors = instancesOf(heap, ({ name }) => collectorBeans.test(name), 100);
  const objects = readObjects(heap, [...collectionInnards(heap, [...maps, ...vms], 50_000), ...collectors]);
  const entries = maps.map((map) => mapEntriesOf(objects, map));
  const list =
    vms.map((vm) => listElementsOf(objects, referenceOf(objects.get(vm), "vmArgs"))).find(({ length }) => length > 0) ??
    [];
  const names = collectors.map((bean) => referenceOf(objects.get(bean), "name"));
  const texts = readStrings(heap, [...entries.flat().flatMap(({ key, value }) => [key, value]), ...list, ...names]);
  return {
    properties: propertiesOf(entries, texts),
    argumentList: list.flatMap((ordinal) => texts.get(ordinal) ?? []),
    collectorNames: names.flatMap((ordinal) => texts.get(ordinal) ?? []),
  };
}

const collectorBeans = /^(sun|com\.sun)\.management\.(internal\.)?GarbageCollector(Ext)?Impl$/;

/** The properties as they are now, and those that the JVM saved at its start and hides. */
function propertyMapsOf({ classes }: HeapEvidence): number[] {
  const statics = [
    staticNamed(classesNamed(classes, "java.lang.System"), "props"),
    staticNamed(classesNamed(classes, "jdk.internal.misc.VM", "sun.misc.VM"), "savedProps"),
  ];
  return statics.map((field) => Number(field?.value ?? 0)).filter((ordinal) => ordinal > 0);
}

function propertiesOf(
  maps: readonly (readonly { readonly key: number; readonly value: number }[])[],
  texts: ReadonlyMap<number, string>,
): Property[] {
  const values = new Map<string, string>();
  for (const { key, value } of maps.flat()) {
    const name = texts.get(key);
    if (name !== undefined && !values.has(name)) values.set(name, texts.get(value) ?? "");
  }
  return [...values].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const collectorPatterns: readonly (readonly [RegExp, string])[] = [
  [/UseZGC|^ZGC/, "ZGC"],
  [/UseShenandoahGC|^Shenandoah/, "Shenandoah"],
  [/UseG1GC|^G1 /, "G1"],
  [/UseConcMarkSweepGC|^(ParNew|ConcurrentMarkSweep)/, "CMS"],
  [/UseParallel(Old)?GC|^PS /, "Parallel"],
  [/UseSerialGC|^(Copy|MarkSweepCompact)$/, "Serial"],
  [/UseEpsilonGC|^Epsilon/, "Epsilon"],
];

function collectorOf(argumentList: readonly string[], beanNames: readonly string[]): string | undefined {
  const hints = [...beanNames, ...argumentList.filter((argument) => argument.startsWith("-XX:+Use"))];
  return collectorPatterns.find(([pattern]) => hints.some((hint) => pattern.test(hint)))?.[1];
}

/** The class whose `main` is at the bottom of a thread's stack. */
function mainClassOf({ threads }: HeapEvidence): string | undefined {
  return threads.map(({ frames }) => frames.at(-1)).find((frame) => frame?.method === "main")?.className;
}

function sectionOf(facts: JvmFacts): Section {
  const rows: [string, string | undefined][] = [
    ["JVM", [facts.name, facts.version].filter(Boolean).join(" ") || undefined],
    ["build", facts.vmVersion],
    ["collector", facts.collector],
    ["main class", facts.mainClass],
    [
      "maximum heap",
      facts.maxHeapBytes === undefined
        ? undefined
        : `${formatBytes(facts.maxHeapBytes)} (${facts.maxHeapSource}, unless -XX:MaxDirectMemorySize was set)`,
    ],
    ["arguments", facts.arguments.length === 0 ? undefined : facts.arguments.join(" ")],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  const open = facts.properties.filter(({ value }) => value !== redacted);
  const hidden = facts.properties.length - open.length;
  return {
    name: "jvm",
    title: "JVM",
    data: facts,
    tables: [
      {
        title: "JVM",
        columns: [
          { title: "what", kind: "text" },
          { title: "value", kind: "text" },
        ],
        rows: known,
        omittedRows: 0,
      },
      {
        title: "System properties",
        columns: [
          { title: "name", kind: "text" },
          { title: "value", kind: "text" },
        ],
        rows: open.map(({ name, value }) => [name, value]),
        omittedRows: 0,
        ...(hidden > 0
          ? {
              note: `${formatNumberOf(hidden, "more property", "more properties")} may hold secrets: --show-values shows them, the JSON has their names`,
            }
          : {}),
      },
    ],
    blocks: [],
    shownByDefault: false,
  };
}
