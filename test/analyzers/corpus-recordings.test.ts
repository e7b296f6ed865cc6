import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/bytes/byte-source.ts";
import { readRecording } from "../../src/formats/jfr/read-recording.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { type Result, resultOf } from "./recording-findings.ts";

/** What the rules say of real services under load, as an operator would want it. */
describe.runIf(hasCorpus)("recordings of real services", () => {
  test("Kafka on ZGC: its heap has too little room; that it has just started is no fault", () => {
    const result = resultOfFile("services/kafka-4.1-jdk25-zgc/recording.jfr.gz");
    expect(result.keys()).toEqual(["gc/heap-limit", "jvm/cpu#busy", "jvm/duration-too-short"]);
    expect(result.finding("gc/heap-limit")?.title).toBe(
      "200 MiB are in use after collections, 78 % of the maximum heap of 256 MiB",
    );
    expect(result.sections.find(({ name }) => name === "jvm")?.data).toMatchObject({
      version: "25.0.3",
      collector: "ZGC",
      mainClass: "kafka.Kafka",
    });
  });

  test("Cassandra on G1: slabs of 1 MiB are humongous; growing write buffers are a hint and no alarm", () => {
    const result = resultOfFile("services/cassandra-5.0-jdk17-g1/recording.jfr.gz");
    expect(result.finding("gc/humongous")?.evidence[1]?.label).toContain(
      "org.apache.cassandra.utils.memory.SlabAllocator.getRegion",
    );
    expect(result.finding("gc/live-set-growing")?.severity).toBe("info");
    expect(result.findings.filter(({ severity }) => severity === "critical")).toEqual([]);
    expect(result.finding("gc/starved-threads")).toBeUndefined();
  });

  test("a recording that is cut off anywhere is judged for what is there", { timeout: 60_000 }, () => {
    const bytes = readFileSync(corpusFile("jfr/jmc_full_gc_g1.jfr"));
    for (let share = 1; share <= 8; share++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * share) / 8));
      expect(() => resultOf(readRecording(memorySource("cut.jfr", cut)))).not.toThrow();
    }
  });
});

test.runIf(!hasCorpus)(`recordings of real services${noCorpus}`, () => undefined);

function resultOfFile(name: string): Result {
  return resultOf(readRecording(memorySource(name, gunzipSync(readFileSync(corpusFile(name))))));
}
