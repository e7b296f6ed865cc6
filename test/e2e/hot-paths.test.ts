import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { numbersOf } from "../../analyzers/event-columns.ts";
import { openFile } from "../../src/bytes/byte-source.ts";
import { readRecording } from "../../src/formats/jfr/read-recording.ts";
import type { RecordingEvidence } from "../../src/model/recording.ts";
import { accusations, judge } from "../analyzers/hot-paths.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { compileJava, type Jdk, jdksOf } from "../jdk.ts";

const source = join(import.meta.dirname, "../../fixtures/hotpaths/HotPaths.java");
const folder = mkdtempSync(join(tmpdir(), "jprof-hotpaths-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A fault, the rule that must tell of it first (none of the healthy twin), and a name in that finding's title. */
type Planted = readonly [fault: string, rule: string | undefined, name: string];

/** Faults that leave the processors to others are recorded side by side. */
const rounds: readonly (readonly Planted[])[] = [
  [
    ["healthy", undefined, ""],
    ["monitor-convoy", "lock/convoy", "Store.appendUnderMonitor"],
    ["lock-convoy", "lock/convoy", "Store.appendUnderLock"],
    ["event-loop", "threads/event-loop-blocked", "EventLoop.writeAudit"],
    ["slow-backend", "io/slow-socket", "Backend.fetch"],
  ],
  [
    ["pinned", "threads/pinned", "Plugin.<clinit>"],
    ["saturated", "threads/pool-saturated", "FlushQueue.serve"],
    ["fsync", "io/fsync-storm", "SyncedLogs.append"],
    ["burst", "timeline/slow-window", "Compaction.writeTable"],
  ],
  [
    ["hot-method", "cpu/hot-method", "Checksums.bitByBit"],
    ["exceptions", "cpu/exceptions", "Numbers.countOf"],
    ["small-reads", "io/small", "Segments.serve"],
  ],
  [
    ["regex", "cpu/hot-method", "regular expressions"],
    ["boxing", "alloc/boxing", "Statistics.sumOfBoxes"],
    ["allocation", "alloc/site", "Pages.copies"],
  ],
];

/** The old JDK on request only: it takes as long again. */
const majors = process.env.JPROF_ORACLES === "1" ? [17, 25] : [25];
const jdks = jdksOf(...majors);
const noJdk = jdks.length > 0 ? "" : " (skipped: no JDK 25)";

describe.skipIf(jdks.length === 0)(`faults planted in a live store${noJdk}`, { timeout: 180_000 }, () => {
  for (const jdk of jdks) {
    for (const round of rounds) {
      const faults = round.filter(([fault]) => fault !== "pinned" || jdk.major >= 21);
      test(`are the first finding, JDK ${jdk.major}: ${faults.map(([fault]) => fault).join(", ")}`, async () => {
        await Promise.all(faults.map(([fault]) => record(jdk, fault)));
        for (const planted of faults) expectFound(planted, recordingOf(jdk, planted[0]));
      });
    }
  }
});

test.skipIf(!hasCorpus)(`services that are well are accused of nothing${noCorpus}`, async () => {
  for (const service of ["kafka-4.1-jdk25-zgc", "cassandra-5.0-jdk17-g1"]) {
    const packed = corpusFile("services", service, "recording.jfr.gz");
    const { stdout } = await execa("gzip", ["-dc", packed], { encoding: "buffer", maxBuffer: 2 ** 28 });
    const path = join(folder, `${service}.jfr`);
    await execa("tee", [path], { input: stdout, stdout: "ignore" });
    expect(accusations(judge(read(path)).findings), service).toEqual([]);
  }
});

function expectFound([fault, rule, name]: Planted, path: string): void {
  const evidence = read(path);
  const { findings } = judge(evidence);
  if (rule === undefined) {
    expect(accusations(findings), fault).toEqual([]);
  } else if (findings[0]?.rule !== rule && takenByOthers(evidence.recording) > 0.4) {
    process.stderr.write(`skipped: other processes took the processors from ${fault}\n`);
  } else {
    expect([findings[0]?.rule, findings[0]?.title], fault).toEqual([rule, expect.stringContaining(name)]);
  }
}

function read(path: string) {
  const file = openFile(path);
  try {
    return readRecording(file);
  } finally {
    file.close();
  }
}

/** Share of the machine's processors that went to other processes while this was recorded. */
function takenByOthers({ tables }: RecordingEvidence): number {
  const load = tables.get("jdk.CPULoad");
  if (load === undefined) return 0;
  const meanOf = (field: string) => {
    const values = numbersOf(load, field);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return meanOf("machineTotal") - meanOf("jvmUser") - meanOf("jvmSystem");
}

function recordingOf(jdk: Jdk, fault: string): string {
  return join(folder, `${jdk.major}-${fault}.jfr`);
}

/** Runs the store with a fault for a few seconds, recorded from its start to its end. */
async function record(jdk: Jdk, fault: string): Promise<void> {
  const classes = await compileJava(jdk, source);
  const events = ["FileForce#threshold=0ms", "FileRead#threshold=0ms", "FileWrite#threshold=0ms"];
  const settings = [
    "settings=profile",
    ...events.map((event) => `jdk.${event}`),
    "jdk.JavaExceptionThrow#enabled=true",
  ];
  await execa(
    join(jdk.home, "bin/java"),
    [
      "-Xmx128m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Dhotpaths.seconds=4",
      `-XX:StartFlightRecording:filename=${recordingOf(jdk, fault)},${settings.join(",")}`,
      "-cp",
      classes,
      "HotPaths",
      fault,
    ],
    { timeout: 150_000, cwd: folder },
  );
}
