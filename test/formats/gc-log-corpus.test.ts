import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/byte-source.ts";
import { formOf } from "../../src/formats/gc-log/format.ts";
import { readGcLog } from "../../src/formats/gc-log/read-gc-log.ts";
import { corpusFile, hasCorpus, noCorpus } from "../corpus.ts";

const logs = hasCorpus
  ? [
      ...readdirSync(corpusFile("gc-logs")).map((name) => corpusFile("gc-logs", name)),
      corpusFile("services", "kafka-4.1-jdk25-zgc", "gc.log"),
      corpusFile("services", "cassandra-5.0-jdk17-g1", "gc.log"),
    ]
  : ["none"];

/** Lengths of all pauses of a log in milliseconds, by patterns on its whole text and not by lines and words. */
function pausesIn(text: string): readonly number[] {
  const unified = [...text.matchAll(/GC\(\d+\) (?:[yYO]: )?Pause [^\n\r]* (\d+\.\d+)ms\r?$/gm)].map(([, millis]) =>
    Number(millis),
  );
  // Of an event of JDK 8, its last time before those of the processor.
  const events = text.split(/^(?=(?:\d{4}-\d\d-\d\dT\S+: )?\d+\.\d{3}: )/m);
  const legacy = events.flatMap((event) => {
    if (!/^\S+: (?:\d+\.\d+: )?\[(?:Full )?GC (?!concurrent)/.test(event)) return [];
    const seconds = [...event.split("[Times")[0]!.matchAll(/, (\d+\.\d+) secs\]/g)].at(-1)?.[1];
    return seconds === undefined ? [] : [Number(seconds) * 1000];
  });
  return [...unified, ...legacy];
}

describe(`logs that others wrote${noCorpus}`, () => {
  test.skipIf(!hasCorpus).each(logs.map((path) => [path.split("/").slice(-2).join("/"), path]))("%s", (_, path) => {
    const text = readFileSync(path, "latin1");
    const log = readGcLog(openFile(path));
    const expected = pausesIn(text);
    expect(formOf(readFileSync(path).subarray(0, 65_536))).toBeDefined();
    expect(log.pauseFigures.count).toBe(expected.length);
    expect(log.pauseFigures.total * 1000).toBeCloseTo(
      expected.reduce((sum, millis) => sum + millis, 0),
      3,
    );
    expect(log.file.unparsedLines / log.file.gcLines).toBeLessThan(0.01);
    expect(log.collector).toBeDefined();
    expect(log.file.losses).toEqual([]);
  });
});
