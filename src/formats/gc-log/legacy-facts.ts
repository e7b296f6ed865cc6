import type { GcLogBuilder } from "./gc-log-builder.ts";

const collectors: readonly (readonly [RegExp, string])[] = [
  [/\+UseG1GC/, "G1"],
  [/\+UseConcMarkSweepGC/, "Concurrent Mark Sweep"],
  [/\+UseParallel(?:Old)?GC/, "Parallel"],
  [/\+UseSerialGC/, "Serial"],
];

/** What the head of an older log tells of the JVM, its machine and its flags; false for every other line. */
export function tellLegacyFact(builder: GcLogBuilder, text: string): boolean {
  const { clock } = builder;
  if (/^(?:Java HotSpot|OpenJDK) .*VM \(/.test(text)) {
    if (clock.factOf("Version") !== undefined) startAgain(builder);
    clock.fact("Version", text.trim());
    return true;
  }
  const [, memory] = /^Memory: .*physical (\d+)k/.exec(text) ?? [];
  if (memory !== undefined) {
    clock.fact("Memory", `${memory}K`);
    return true;
  }
  const [, flags] = /^CommandLine flags: (.*)$/.exec(text) ?? [];
  if (flags === undefined) return false;
  clock.fact("CommandLine flags", flags.trim());
  const collector = collectors.find(([pattern]) => pattern.test(flags))?.[1];
  if (collector !== undefined) clock.fact("Using", collector);
  const [, max] = /-XX:MaxHeapSize=(\d+)/.exec(flags) ?? [];
  if (max !== undefined) clock.fact("Heap Max Capacity", `${max}B`);
  const [, region] = /-XX:G1HeapRegionSize=(\d+)/.exec(flags) ?? [];
  if (region !== undefined) clock.fact("Heap Region Size", `${region}B`);
  return true;
}

function startAgain(builder: GcLogBuilder): void {
  builder.clock.restart();
  builder.restart();
}
