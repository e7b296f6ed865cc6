import { expect, test } from "vitest";
import { threadDumpSummaryOf } from "../../src/cli/thread-dump-pipeline.ts";
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
