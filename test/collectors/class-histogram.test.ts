import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { classHistogramCollector } from "../../collectors/class-histogram.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";
import { classHistogram25 } from "../formats/jcmd/replies.ts";
import { fakeTarget } from "./fake-target.ts";
import { sampleLines } from "./sample-lines.ts";

const { signal } = new AbortController();
const command = "GC.class_histogram -all";

test("classes of the same name are one, and no name holds an address or a number of this run", async () => {
  const text = classHistogram25
    .replace("Sensor$$Lambda/0x00000000162c9090", () => "Sensor$$Lambda$14/0x0000000800c03000")
    .replace("[[J (java.base@25.0.3)", "[B (app@1)");
  const collection = await classHistogramCollector.collect(fakeTarget({ jcmd: { [command]: text } }), signal);
  expect(collection.missing).toEqual([]);
  expect(sampleLines(collection)).toEqual([
    'jprof.class.bytes{jprof.class.name="Threads"} 16',
    'jprof.class.bytes{jprof.class.name="byte[]"} 149809040',
    'jprof.class.bytes{jprof.class.name="java.util.HashMap$Node[]"} 3243024',
    'jprof.class.bytes{jprof.class.name="org.apache.kafka.common.metrics.Sensor$$Lambda"} 8760',
    'jprof.class.instances{jprof.class.name="Threads"} 1',
    'jprof.class.instances{jprof.class.name="byte[]"} 56469',
    'jprof.class.instances{jprof.class.name="java.util.HashMap$Node[]"} 21242',
    'jprof.class.instances{jprof.class.name="org.apache.kafka.common.metrics.Sensor$$Lambda"} 365',
  ]);
});

test.skipIf(!hasCorpus)(`thousands of classes are thirty and the rest, and nothing is lost${noCorpus}`, async () => {
  const text = readFileSync(corpusFile("services", "kafka-4.1-jdk25-zgc", "class_histogram.txt"), "utf8");
  const { samples } = await classHistogramCollector.collect(fakeTarget({ jcmd: { [command]: text } }), signal);
  const bytes = samples.filter(({ metric }) => metric.name === "jprof.class.bytes");
  expect(bytes.length).toBe(31);
  expect(bytes[0]?.labels).toEqual({ "jprof.class.name": "byte[]" });
  expect(bytes.at(-1)?.labels).toEqual({ "jprof.class.name": "other" });
  expect(bytes.reduce((sum, { value }) => sum + value, 0)).toBe(176375720);
});

test("half a reply tells nothing, since a class that is not there would be taken for gone", async () => {
  const cut = classHistogram25.slice(0, -30);
  const { samples, missing } = await classHistogramCollector.collect(fakeTarget({ jcmd: { [command]: cut } }), signal);
  expect(samples).toEqual([]);
  expect(missing).toMatchObject([{ reason: "the reply to GC.class_histogram -all is not complete" }]);
});

test("it never asks for the collection that the JVM makes by default, and it is off unless wanted", async () => {
  const target = fakeTarget();
  await classHistogramCollector.collect(target, signal);
  expect(target.commands).toEqual(["GC.class_histogram -all"]);
  expect(classHistogramCollector).toMatchObject({ enabledByDefault: false, policy: "diagnose", everySeconds: 300 });
});
