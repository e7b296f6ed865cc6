import type { HeapClass } from "../src/model/heap-classes.ts";
import type { HeapCensus } from "../src/model/heap-evidence.ts";

/** Objects of one class: how many, and their bytes. */
export interface ClassCount {
  readonly instances: number;
  readonly bytes: number;
}

/** By source name of the class; classes of the same name in several loaders are added up. */
export type ClassHistogram = ReadonlyMap<string, ClassCount>;

/** The text of `jcmd GC.class_histogram` or `jmap -histo` of any JDK. Its metadata rows (`<methodKlass>`) are left out. */
export function parseClassHistogram(text: string): ClassHistogram {
  const rows = text.matchAll(/^\s*(?:\d+:)?\s+(\d+)\s+(\d+)\s+(\S+)(?: \(.+\))?$/gm);
  const counts = [...rows].map(([, instances, bytes, name]) => [name!, Number(instances), Number(bytes)] as const);
  return histogramOf(
    counts.filter(([name]) => !name.startsWith("<")).map(([name, ...rest]) => [sourceName(name), ...rest]),
  );
}

/** What jprof counted. */
export function histogramOfCensus(
  classes: readonly HeapClass[],
  { instances, shallowBytes }: HeapCensus,
): ClassHistogram {
  return histogramOf(classes.map(({ name, index }) => [name, instances[index] ?? 0, shallowBytes[index] ?? 0]));
}

/** Adds up rows of the same name and drops empty ones. */
export function histogramOf(rows: Iterable<readonly [name: string, instances: number, bytes: number]>): ClassHistogram {
  const histogram = new Map<string, ClassCount>();
  for (const [name, instances, bytes] of rows) {
    if (instances === 0) continue;
    const known = histogram.get(name) ?? { instances: 0, bytes: 0 };
    histogram.set(name, { instances: known.instances + instances, bytes: known.bytes + bytes });
  }
  return histogram;
}

/** One line per class that differs: `java.lang.Thread: expected 3 objects, 336 B; got 3 objects, 312 B`; sorted. */
export function differences(expected: ClassHistogram, got: ClassHistogram): string[] {
  const names = [...new Set([...expected.keys(), ...got.keys()])].sort();
  return names.flatMap((name) => {
    const [wanted, counted] = [describe(expected.get(name)), describe(got.get(name))];
    return wanted === counted ? [] : `${name}: expected ${wanted}; got ${counted}`;
  });
}

function describe(count: ClassCount | undefined): string {
  return count === undefined ? "none" : `${count.instances} objects, ${count.bytes} B`;
}

const primitives: Readonly<Record<string, string>> = {
  Z: "boolean",
  C: "char",
  F: "float",
  D: "double",
  B: "byte",
  S: "short",
  I: "int",
  J: "long",
};

/** `[Ljava.lang.String;` → `java.lang.String[]`. */
function sourceName(name: string): string {
  const element = name.replace(/^\[+/, "");
  const dimensions = name.length - element.length;
  if (dimensions === 0) return name;
  return (primitives[element] ?? element.slice(1, -1)) + "[]".repeat(dimensions);
}
