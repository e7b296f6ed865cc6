import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import type { Pause } from "../../../analyzers/gc-collections.ts";
import type { GcHistory } from "../../../analyzers/gc-history.ts";
import { historyOfRecording } from "../../../analyzers/gc-recorded-history.ts";
import { openFile } from "../../../src/bytes/byte-source.ts";
import { readGcLog } from "../../../src/formats/gc-log/read-gc-log.ts";
import { readRecording } from "../../../src/formats/jfr/read-recording.ts";
import { acceptsFlags, compileJava, type Jdk, jdksOf } from "../../jdk.ts";

/*
 * Logs of real JVMs against the flight recording of the same run. Two collectors, or with JPROF_ORACLES=1 every collector of JDK 17 and
 * 25 with every selection of tags.
 */
const isThorough = process.env.JPROF_ORACLES === "1";
const folder = mkdtempSync(join(tmpdir(), "jprof-gc-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const selections = {
  "gc, phases": "gc,gc+phases",
  "gc*": "gc*",
  "gc*, safepoint": "gc*,safepoint",
  "gc* in detail": "gc*=debug,safepoint=debug",
} as const;
type SelectionName = keyof typeof selections;

interface Run {
  readonly jdk: Jdk;
  readonly collector: string;
  readonly flags: readonly string[];
  readonly selection: SelectionName;
}

const collectors: readonly { readonly collector: string; readonly flags: readonly string[] }[] = [
  { collector: "G1", flags: ["-XX:+UseG1GC"] },
  { collector: "ZGC", flags: ["-XX:+UseZGC"] },
  { collector: "Serial", flags: ["-XX:+UseSerialGC"] },
  { collector: "Parallel", flags: ["-XX:+UseParallelGC"] },
  { collector: "Shenandoah", flags: ["-XX:+UseShenandoahGC"] },
  { collector: "Shenandoah", flags: ["-XX:+UseShenandoahGC", "-XX:ShenandoahGCMode=generational"] },
];

function runsOf(): readonly Run[] {
  const [old, recent] = jdksOf(17, 25);
  if (!isThorough) {
    const few: readonly (readonly [Jdk | undefined, number, SelectionName])[] = [
      [old, 0, "gc*, safepoint"],
      [recent, 1, "gc*"],
    ];
    return few.flatMap(([jdk, index, selection]) =>
      jdk === undefined ? [] : [{ jdk, ...collectors[index]!, selection }],
    );
  }
  const names = Object.keys(selections) as SelectionName[];
  return jdksOf(17, 25).flatMap((jdk) =>
    collectors.flatMap((one) => names.map((selection) => ({ jdk, ...one, selection }))),
  );
}

const runs = runsOf();
if (runs.length === 0) process.stderr.write("skipped: no JDK 17 or 25 on this machine\n");

/** Runs the churn for some seconds; its log and its recording. */
async function logAndRecordingOf({ jdk, flags, selection }: Run) {
  const classPath = await compileJava(jdk, join(import.meta.dirname, "../../../fixtures/churn/Churn.java"));
  const [log, recording] = [mkdtempSync(join(folder, "run-")), "r.jfr"].map((name, index, all) =>
    index === 0 ? join(name, "gc.log") : join(all[0]!, name),
  );
  const child = execa(
    join(jdk.home, "bin/java"),
    [
      ...flags,
      "-Xmx96m",
      `-Xlog:${selections[selection]}:file=${log}:time,uptime,level,tags:filecount=0`,
      "-Xlog:jfr*=off",
      `-XX:StartFlightRecording:filename=${recording}`,
      "-Dfull.millis=1000",
      // Until then the recording has begun, too.
      "-Dquiet.millis=1000",
      ...["-cp", classPath, "Churn"],
    ],
    { stdin: "pipe", forceKillAfterDelay: 2_000, timeout: 60_000 },
  );
  await isReady(child.stdout);
  await sleep(4_000);
  child.stdin?.end();
  await child;
  const source = openFile(recording!);
  const history = historyOfRecording(readRecording(source, {}).recording);
  source.close();
  return { log: readGcLog(openFile(log!)), history, file: log! };
}

async function isReady(output: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: output })) if (line === "ready") return;
}

/** The sum of all pauses, by a pattern on the whole text. */
function secondsIn(text: string): number {
  const lengths = [...text.matchAll(/GC\(\d+\) (?:[yYO]: )?Pause [^\n]* (\d+\.\d+)ms$/gm)].map(([, millis]) =>
    Number(millis),
  );
  return lengths.reduce((sum, millis) => sum + millis / 1000, 0);
}

/** Collections that the recording has from beginning to end: the first one, and one without a pause, began before it. */
function recordedIds({ collections, pauses }: GcHistory): ReadonlySet<number> {
  const paused = new Set(pauses.map(({ gcId }) => gcId));
  const ids = new Set(collections.flatMap(({ gcId }) => (paused.has(gcId) ? [gcId] : [])));
  ids.delete(Math.min(...ids));
  return ids;
}

function lengthsOf(pauses: readonly Pause[], ids: ReadonlySet<number>): readonly number[] {
  return pauses.filter(({ gcId }) => ids.has(gcId)).map(({ seconds }) => seconds);
}

describe("a log of a running JVM", () => {
  test.each(
    runs.map(
      (run) => [`${run.collector} of JDK ${run.jdk.major} with ${run.selection}, ${run.flags.at(-1)}`, run] as const,
    ),
  )(
    "%s has every pause of its recording, and their sum",
    async (_, run) => {
      if (!(await acceptsFlags(run.jdk, run.flags))) {
        process.stderr.write(`skipped: this JDK has no ${run.collector}\n`);
        return;
      }
      const { log, history, file } = await logAndRecordingOf(run);
      expect(log.collector).toBe(run.collector);
      const ids = recordedIds(history);
      const recorded = lengthsOf(history.pauses, ids);
      const logged = lengthsOf(log.pauses, ids);
      expect(recorded.length).toBeGreaterThan(3);
      expect(logged).toHaveLength(recorded.length);
      // The log's clock runs a little around the recording's, and the machine may do something else between both: of most pauses it does not.
      const excess = logged.map((seconds, index) => seconds - recorded[index]!).sort((a, b) => a - b);
      expect(excess[0]).toBeGreaterThan(-2e-5);
      const median = [...recorded].sort((a, b) => a - b)[recorded.length >> 1]!;
      expect(excess[excess.length >> 1]).toBeLessThan(Math.max(median * 0.01, 2e-4));
      expect(log.pauseFigures.total).toBeCloseTo(secondsIn(readFileSync(file, "latin1")), 6);
      expect(log.file.unparsedLines / log.file.gcLines).toBeLessThan(0.01);
      expect(log.file.losses).toEqual([]);
      expect(log.allocatedBytes / 2 ** 20).toBeGreaterThan(100);
    },
    90_000,
  );
});
