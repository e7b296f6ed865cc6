import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { acceptsFlags, compileJava, type Jdk, jdksOf } from "../jdk.ts";
import { comparePauses } from "../pause-comparison.ts";

const jdks = new Map(jdksOf(17, 25).map((jdk) => [jdk.major, jdk]));
const classPaths = new Map<Jdk, Promise<string>>();

/** Enough for several collections of every kind. `bench/agent-pauses.ts` runs every collector, for longer. */
const seconds = 2;
const runs: readonly (readonly [major: number, collector: string, flags: readonly string[]])[] = [
  [17, "Serial", ["-XX:+UseSerialGC"]],
  [25, "Parallel", ["-XX:+UseParallelGC"]],
  [17, "G1", ["-XX:+UseG1GC", "-XX:InitiatingHeapOccupancyPercent=20"]],
  [25, "G1", ["-XX:+UseG1GC", "-XX:InitiatingHeapOccupancyPercent=20"]],
  [17, "ZGC", ["-XX:+UseZGC"]],
  [25, "ZGC", ["-XX:+UseZGC"]],
  [25, "Shenandoah", ["-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational"]],
];

describe("looking at a JVM's counters every 50 ms", () => {
  test.for(runs)(
    "sees every pause that JDK %i with %s logs, as long as it was",
    async ([major, collector, flags], context) => {
      const jdk = jdks.get(major);
      if (jdk === undefined || !(await acceptsFlags(jdk, flags)))
        return context.skip(`no JDK ${major} with ${collector}`);
      const result = await comparePauses({ jdk, classPath: await classPathOf(jdk), collector, flags, seconds });
      expect(result.logged).toBeGreaterThan(5);
      expect(result.seen).toBe(result.logged);
      expect(result.activity.lostEvents).toBe(0);
      // A VM thread that loses its processor between its log's clock and its counter's makes a difference that is nobody's fault.
      expect(result.closeRatio).toBeGreaterThan(0.8);
      if (collector === "Shenandoah") {
        expect(Math.abs(result.sumRatio - 1)).toBeLessThan(0.05);
        expect(Math.abs((result.cycleRatio ?? 0) - 1)).toBeLessThan(0.2);
      }
      if (result.allocationRatio !== undefined) expect(Math.abs(result.allocationRatio - 1)).toBeLessThan(0.15);
    },
  );
});

function classPathOf(jdk: Jdk): Promise<string> {
  const known = classPaths.get(jdk);
  if (known !== undefined) return known;
  const compiled = compileJava(jdk, join(import.meta.dirname, "../../fixtures/churn/Churn.java"));
  classPaths.set(jdk, compiled);
  return compiled;
}
