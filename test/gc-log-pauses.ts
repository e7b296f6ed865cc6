import { readFileSync } from "node:fs";

/** A stop of the program for a collection, as the JVM's own log has it. */
export interface LoggedPause {
  /** As its MXBean is named. */
  readonly name: string;
  readonly seconds: number;
}

/** For `-Xlog`: what `pausesOfLog` reads. */
export const pauseLogSelectors = "gc,gc+phases,safepoint";

const beans: readonly (readonly [text: RegExp, name: string])[] = [
  [/\] GC\(\d+\) [yY]: Pause/, "ZGC Minor Pauses"],
  [/\] GC\(\d+\) [YO]: Pause/, "ZGC Major Pauses"],
];

const parts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Serial: { Young: "Copy", Full: "MarkSweepCompact" },
  Parallel: { Young: "PS Scavenge", Full: "PS MarkSweep" },
  G1: {
    Young: "G1 Young Generation",
    Full: "G1 Old Generation",
    Remark: "G1 Concurrent GC",
    Cleanup: "G1 Concurrent GC",
  },
};

/** The pauses of a log, in the order of their ends, after the first `skipped` stops of any kind. */
export function pausesOfLog(file: string, collector: string): readonly LoggedPause[] {
  const lines = readFileSync(file, "latin1").split("\n");
  if (collector === "Shenandoah") return lines.flatMap(shenandoahPause);
  if (collector === "ZGC") return lines.flatMap(zgcPause);
  const names = parts[collector] ?? {};
  return lines.flatMap((line) => {
    const [, part = "", millis] = /\[gc +\] GC\(\d+\) Pause (\w+).* ([\d.]+)ms$/.exec(line) ?? [];
    return millis === undefined ? [] : [{ name: names[part] ?? part, seconds: Number(millis) / 1000 }];
  });
}

/** Its own log lines leave out the way to the safepoint and back; the counters do not. */
function shenandoahPause(line: string): readonly LoggedPause[] {
  const [, nanos] = /Safepoint "Shenandoah.*Total: +(\d+) ns/.exec(line) ?? [];
  return nanos === undefined ? [] : [{ name: "Shenandoah Pauses", seconds: Number(nanos) / 1e9 }];
}

/** A lower-case letter is a minor collection's, a capital one a major's; without one there are no generations. */
function zgcPause(line: string): readonly LoggedPause[] {
  const [, millis] = /\[gc,phases +\] GC\(\d+\) .*Pause [A-Z].* ([\d.]+)ms$/.exec(line) ?? [];
  if (millis === undefined) return [];
  const name = beans.find(([text]) => text.test(line))?.[1] ?? "ZGC Pauses";
  return [{ name, seconds: Number(millis) / 1000 }];
}
