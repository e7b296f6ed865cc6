import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lookAtJvms } from "../../src/cli/jvm-look.ts";
import { parsePerfData } from "../../src/formats/hsperfdata/perf-data.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { bootSeconds, drawnJvm, procTree } from "../jvm/proc-tree.ts";

const mib = 2 ** 20;
const signal = AbortSignal.timeout(60_000);

/** Looks at a drawn JVM whose counters are those of a real one. */
async function lookAtFile(file: string) {
  const bytes = readFileSync(corpusFile("hsperfdata", file));
  const begunMillis = parsePerfData(bytes).counters.number("sun.rt.createVmBeginTime") ?? 0;
  const startTicks = Math.floor((begunMillis - bootSeconds * 1000) / 10);
  const procRoot = procTree([drawnJvm({ pid: 4711, startTicks, files: { "/tmp/hsperfdata_app/4711": bytes } })]);
  const [look] = await lookAtJvms(procRoot, signal);
  return look!;
}

describe.skipIf(!hasCorpus)(`one look at a JVM${noCorpus}`, () => {
  test.each([
    ["jdk17-Serial", "Serial", undefined],
    ["jdk25-Serial", "Serial", undefined],
    ["jdk17-Parallel", "Parallel", undefined],
    ["jdk25-Parallel", "Parallel", undefined],
    ["jdk17-G1", "G1", undefined],
    ["jdk25-G1", "G1", undefined],
    ["jdk17-Z", "ZGC", false],
    ["jdk25-Z", "ZGC", true],
    ["jdk17-Shenandoah", "Shenandoah", false],
    ["jdk25-Shenandoah", "Shenandoah", false],
    ["jdk25-GenShenandoah", "Shenandoah", true],
  ])("%s tells its heap and pauses as far as its collector counts them", async (name, collector, generational) => {
    const { identity, heap, pauses } = await lookAtFile(`${name}.hsperfdata`);
    expect(identity).toMatchObject({ collector, generational, name: "Load", javaMajor: Number(name.slice(3, 5)) });
    expect(heap!.limitBytes).toBeGreaterThan(100 * mib);
    expect(heap!.limitBytes).toBeLessThanOrEqual(128 * mib);
    expect(heap!.usedBytes).toBeLessThanOrEqual(heap!.limitBytes!);
    if (collector === "Shenandoah") {
      expect([heap!.afterGcBytes, pauses]).toEqual([undefined, undefined]);
      return;
    }
    expect(heap!.afterGcBytes).toBeLessThanOrEqual(heap!.usedBytes);
    expect(pauses!.count).toBeGreaterThan(0);
    expect(pauses!.totalSeconds / pauses!.count).toBeLessThan(0.1);
  });
});

test("a JVM without counters is told by its process alone", async () => {
  const procRoot = procTree([drawnJvm({ pid: 4711, files: { "/tmp/hsperfdata_app/4711": "damaged" } })]);
  const [look] = await lookAtJvms(procRoot, signal);
  expect(look).toMatchObject({ identity: { name: "com.example.Main" }, heap: undefined, pauses: undefined });
  expect(look?.residentBytes).toBe(100 * mib);
});
