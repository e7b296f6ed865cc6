import type { CollectorName } from "../model/target.ts";

/** What the names of a JVM's threads, as the kernel knows them, tell of its collector. */
export interface CollectorFacts {
  readonly collector: CollectorName | undefined;
  readonly generational: boolean | undefined;
}

const unknown: CollectorFacts = { collector: undefined, generational: undefined };

/**
 * Tells the collector from the threads that it begins with, before there is a VM thread; so without that it tells nothing. Serial and Epsilon
 * have none of their own. The kernel cuts names to 15 bytes. Names are those of JDK 9 and newer.
 */
export function collectorOfThreads(names: readonly string[]): CollectorFacts {
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (!has(/^VM Thread$/)) return unknown;
  if (has(/^ZDriverM/)) return { collector: "ZGC", generational: true };
  if (has(/^ZDriver$/)) return { collector: "ZGC", generational: false };
  if (has(/^Shenandoah/)) return { collector: "Shenandoah", generational: undefined };
  if (has(/^G1 /)) return { collector: "G1", generational: undefined };
  if (has(/^GC Thread#/)) return { collector: "Parallel", generational: undefined };
  return unknown;
}
