import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { openFile } from "../../../src/bytes/byte-source.ts";
import { acceptsFlags, compileJava, type Jdk, jdksOf, startJvm } from "../../jdk.ts";
import { compareWithPrinted } from "./jfr-print.ts";

const everyCollector = ["Serial", "Parallel", "G1", "Z", "Shenandoah"];
const fewCollectors: Readonly<Record<number, readonly string[]>> = { 17: ["G1"], 25: ["G1", "Z"] };
const stackDepth = 3;
const folder = mkdtempSync(join(tmpdir(), "jprof-jfr-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The newest JDK reads the recordings of all. */
const oracle = jdksOf().toSorted((a, b) => b.major - a.major)[0];
const noJdk = oracle === undefined ? " (skipped: no JDK)" : "";
const cases = jdksOf(17, 25).flatMap((jdk) => {
  const collectors = process.env.JPROF_ORACLES === undefined ? fewCollectors[jdk.major]! : everyCollector;
  return collectors.map((collector) => [jdk.major, collector, jdk] as const);
});

describe.skipIf(oracle === undefined)(`every field of every event is what the JDK itself reads${noJdk}`, () => {
  test.each(cases)("JDK %d, %s", { timeout: 120_000 }, async (_major, collector, jdk) => {
    const flags = ["-Xmx64m", "-XX:+UnlockExperimentalVMOptions", `-XX:+Use${collector}GC`];
    if (!(await acceptsFlags(jdk, flags))) return;
    const file = await record(jdk, collector, flags);
    const source = openFile(file);
    const args = ["print", "--json", "--stack-depth", String(stackDepth), file];
    const printed = await execa(join(oracle!.home, "bin/jfr"), args, { timeout: 100_000, maxBuffer: 1 << 30 });
    const { read, ...comparison } = compareWithPrinted(source, printed.stdout, stackDepth);
    source.close();
    expect(comparison).toMatchObject({ differences: [], differing: 0, unmatched: 0 });
    expect(comparison.compared).toBeGreaterThan(1000);
    expect(read).toMatchObject({ losses: [], lostEvents: 0, isOpen: false });
    expect(countsOf(read.eventCounts)).toEqual(await summaryOf(file));
  });
});

async function record(jdk: Jdk, collector: string, flags: readonly string[]): Promise<string> {
  const file = join(folder, `${jdk.major}-${collector}.jfr`);
  const classPath = await compileJava(jdk, join(import.meta.dirname, "../../../fixtures/event-storm/EventStorm.java"));
  const jvm = await startJvm(jdk, { classPath, mainClass: "EventStorm", flags, args: [file, "200", "40"] });
  await jvm.stop();
  return file;
}

/** Events by type as `jfr summary` counts them. */
async function summaryOf(file: string): Promise<Record<string, number>> {
  const { stdout } = await execa(join(oracle!.home, "bin/jfr"), ["summary", file], { timeout: 60_000 });
  const rows = [...stdout.matchAll(/^ (\S+) +(\d+) +\d+ *$/gm)].map(
    ([, type, count]) => [type!, Number(count)] as const,
  );
  return countsOf(rows.filter(([type]) => type !== "jdk.Metadata" && type !== "jdk.Checkpoint"));
}

function countsOf(counts: Iterable<readonly [string, number]>): Record<string, number> {
  return Object.fromEntries([...counts].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
