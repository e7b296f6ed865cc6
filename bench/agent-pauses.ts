// Claim: looking at perf counters every 50 ms sees every stop of the program for a collection, and its duration to a tenth of a
// millisecond, with any collector. Prints, for each, the pauses of the JVM's own log, those that were seen, those of them that fell so close
// together that only their mean is known, and the worst difference of the others.
import { join } from "node:path";
import { acceptsFlags, compileJava, jdksOf } from "../test/jdk.ts";
import { comparePauses } from "../test/pause-comparison.ts";

const seconds = Number(process.argv[2] ?? 10);
const configurations: readonly (readonly [name: string, collector: string, ...flags: readonly string[]])[] = [
  ["Serial", "Serial", "-XX:+UseSerialGC"],
  ["Parallel", "Parallel", "-XX:+UseParallelGC"],
  ["G1", "G1", "-XX:+UseG1GC", "-XX:InitiatingHeapOccupancyPercent=20"],
  ["ZGC", "ZGC", "-XX:+UseZGC"],
  ["Shenandoah", "Shenandoah", "-XX:+UseShenandoahGC"],
  ["generational Shenandoah", "Shenandoah", "-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational"],
];

console.log(
  "jdk  collector                logged    seen  merged  lost  worst ms   close  sum     cycles   allocation  look µs",
);
for (const jdk of jdksOf(17, 25)) {
  const classPath = await compileJava(jdk, join(import.meta.dirname, "../fixtures/churn/Churn.java"));
  for (const [name, collector, ...flags] of configurations) {
    if (!(await acceptsFlags(jdk, flags))) continue;
    const result = await comparePauses({ jdk, classPath, collector, flags, seconds });
    console.log(
      [
        String(jdk.major).padEnd(4),
        name.padEnd(24),
        String(result.logged).padStart(6),
        String(result.seen).padStart(7),
        String(result.merged).padStart(7),
        String(result.activity.lostEvents).padStart(5),
        (result.worstSeconds * 1000).toFixed(3).padStart(9),
        percent(result.closeRatio).padStart(8),
        percent(result.sumRatio).padStart(8),
        percent(result.cycleRatio).padStart(8),
        percent(result.allocationRatio).padStart(9),
        result.tickMicros.toFixed(0).padStart(8),
      ].join(" "),
    );
  }
}

function percent(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${(ratio * 100).toFixed(1)} %`;
}
