import type { CollectorName } from "../model/target.ts";
import type { CollectorFacts } from "./thread-names.ts";

/** What a boolean flag is set to; the last one counts, and undefined says that it is not given. */
export function flagSwitch(flags: readonly string[], name: string): boolean | undefined {
  const last = flags.findLast((flag) => flag === `-XX:+${name}` || flag === `-XX:-${name}`);
  return last === undefined ? undefined : last.startsWith("-XX:+");
}

/** The value of a flag such as `-XX:NativeMemoryTracking=summary`; the last one counts. */
export function flagValue(flags: readonly string[], name: string): string | undefined {
  const start = `-XX:${name}=`;
  return flags.findLast((flag) => flag.startsWith(start))?.slice(start.length);
}

const collectorFlags: readonly (readonly [string, CollectorName])[] = [
  ["UseSerialGC", "Serial"],
  ["UseParallelGC", "Parallel"],
  ["UseParallelOldGC", "Parallel"],
  ["UseConcMarkSweepGC", "CMS"],
  ["UseG1GC", "G1"],
  ["UseZGC", "ZGC"],
  ["UseShenandoahGC", "Shenandoah"],
  ["UseEpsilonGC", "Epsilon"],
];

/** The collector that flags select. What they leave to the JVM depends on the machine, and is not guessed. */
export function collectorOfFlags(flags: readonly string[], javaMajor: number | undefined): CollectorFacts {
  const collector = collectorFlags.find(([flag]) => flagSwitch(flags, flag) === true)?.[1];
  return { collector, generational: generationalOf(collector, flags, javaMajor) };
}

/** ZGC has generations on demand since 21, by default since 23, always since 24; Shenandoah on demand since 24. */
export function generationalOf(
  collector: CollectorName | undefined,
  flags: readonly string[],
  javaMajor: number | undefined,
): boolean | undefined {
  if (collector === "Shenandoah") return flagValue(flags, "ShenandoahGCMode") === "generational";
  if (collector !== "ZGC" || javaMajor === undefined) return undefined;
  if (javaMajor < 21 || javaMajor > 23) return javaMajor > 23;
  return flagSwitch(flags, "ZGenerational") ?? javaMajor === 23;
}
