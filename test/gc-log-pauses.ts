import { readFileSync } from "node:fs";

/** A stop of the program for a collection, as the JVM's own log has it. */
export interface LoggedPause {
  /** As its MXBean is named. */
  readonly name: string;
  readonly seconds: number;
}

/** What `-Xlog` must select for it. */
export const pauseLogSelectors = "gc,gc+phases,safepoint";

const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Serial: { Young: "Copy", Full: "MarkSweepCompact" },
  Parallel: { Young: "PS Scavenge", Full: "PS MarkSweep" },
  G1: {
    Young: "G1 Young Generation",
    Full: "G1 Old Generation",
    Remark: "G1 Concurrent GC",
    Cleanup: "G1 Concurrent GC",
  },
};

/** The pauses of a log, in the order of their ends. */
export function pausesOfLog(file: string, collector: string): readonly LoggedPause[] {
  const lines = readFileSync(file, "latin1").split("\n");
  if (collector === "Shenandoah") return lines.flatMap(anyStop);
  if (collector === "ZGC") return lines.flatMap(zgcPause);
  return lines.flatMap((line) => {
    const [, part = "", millis] = /\[gc *\] GC\(\d+\) Pause (\w+).* ([\d.]+)ms$/.exec(line) ?? [];
    return millis === undefined ? [] : [{ name: names[collector]?.[part] ?? part, seconds: Number(millis) / 1000 }];
  });
}

/** Every stop, since the counters do not tell one for a collection from another during a collection. */
function anyStop(line: string): readonly LoggedPause[] {
  const [, nanos] = /Safepoint "\w+".* Total: +(\d+) ns/.exec(line) ?? [];
  return nanos === undefined ? [] : [{ name: "Shenandoah Pauses", seconds: Number(nanos) / 1e9 }];
}

/** `y:` is of a minor collection, `Y:` and `O:` are of a major one; without a letter there are no generations. */
function zgcPause(line: string): readonly LoggedPause[] {
  const [, letter, millis] = /\[gc,phases *\] GC\(\d+\) (?:([yYO]): )?Pause [A-Z].* ([\d.]+)ms$/.exec(line) ?? [];
  if (millis === undefined) return [];
  const kind = letter === undefined ? "" : letter === "y" ? "Minor " : "Major ";
  return [{ name: `ZGC ${kind}Pauses`, seconds: Number(millis) / 1000 }];
}

/** The cycles of Shenandoah in a log, after the first `skipped`: seconds from the beginning of each to its end, summed. */
export function shenandoahCycleSeconds(file: string, skipped: number): number {
  const spans = new Map<string, readonly [begin: number, end: number]>();
  for (const line of readFileSync(file, "latin1").split("\n")) {
    const [, nanos, id = "", millis] = /^\[(\d+)ns\].* GC\((\d+)\) (?:Concurrent|Pause).* ([\d.]+)ms$/.exec(line) ?? [];
    if (nanos === undefined) continue;
    const end = Number(nanos) / 1e9;
    spans.set(id, [spans.get(id)?.[0] ?? end - Number(millis) / 1000, end]);
  }
  return [...spans.values()].slice(skipped).reduce((sum, [begin, end]) => sum + end - begin, 0);
}

/** How many collections a log has begun to tell of. */
export function collectionsInLog(file: string): number {
  return new Set(readFileSync(file, "latin1").match(/GC\(\d+\)/g)).size;
}
