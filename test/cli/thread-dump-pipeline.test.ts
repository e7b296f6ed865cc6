import { expect, test } from "vitest";
import { joinDumpInputs, threadDumpSummaryOf } from "../../src/cli/thread-dump-pipeline.ts";
import { dumpsOf } from "../formats/thread-dump/read-dumps.ts";
import { filed21, jdk17 } from "../formats/thread-dump/samples.ts";

test("figures are of the last dump, without the JVM's own threads", () => {
  expect(threadDumpSummaryOf("a.txt", dumpsOf(`${jdk17}${jdk17}`))).toEqual({
    kind: "threads",
    input: "a.txt",
    format: "thread dump (text)",
    dumps: 2,
    threads: 3,
    virtualThreads: 0,
    deadlocks: 0,
    unknownLines: 0,
  });
  expect(threadDumpSummaryOf("b.txt", dumpsOf(filed21))).toMatchObject({ threads: 2, virtualThreads: 1 });
});

test("files of one JVM become one input, and another JVM's stays its own", () => {
  const other = jdk17.replaceAll("0x00007f1a", "0x00007e55");
  const inputs = [jdk17, other, jdk17.replace("03:04:05", "03:04:25")].map((text, index) => {
    const threadDumps = dumpsOf(text, `${index}.txt`);
    const summary = threadDumpSummaryOf(`${index}.txt`, threadDumps);
    return {
      name: `${index}.txt`,
      fileBytes: text.length,
      read: { evidence: { threadDumps }, analyzers: [], summary, close: () => undefined },
    };
  });
  const joined = joinDumpInputs(inputs);
  expect(joined.map(({ name, fileBytes }) => [name, fileBytes])).toEqual([
    ["0.txt, 2.txt", 2 * jdk17.length],
    ["1.txt", other.length],
  ]);
  expect(joined[0]?.read.summary).toMatchObject({ dumps: 2, input: "0.txt, 2.txt" });
  expect(joined[1]).toBe(inputs[1]);
});
