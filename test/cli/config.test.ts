import { expect, test } from "vitest";
import { type AnalyzeOptions, parseAnalyzeOptions } from "../../src/cli/config.ts";
import { UsageError } from "../../src/model/errors.ts";

const options: AnalyzeOptions = { format: "text", top: "10", sizes: "gaps", refs: "strong" };

test("options become numbers, lists and severities", () => {
  const config = parseAnalyzeOptions(["a"], {
    ...options,
    failOn: "warning",
    include: "jvm, threads,jvm",
    dump: "2",
    threads: "3",
  });
  expect(config).toMatchObject({
    failOn: "warning",
    include: ["jvm", "threads"],
    dump: 2,
    threads: 3,
    top: 10,
    showValues: false,
  });
});

test("without --threads there is at least one", () => {
  expect(parseAnalyzeOptions(["a"], options).threads).toBeGreaterThanOrEqual(1);
});

test.each([{ top: "0" }, { top: "1.5" }, { dump: "-1" }, { threads: "" }, { include: "" }, { include: "jvm,nothing" }])(
  "%j is refused",
  (wrong) => {
    expect(() => parseAnalyzeOptions(["a"], { ...options, ...wrong })).toThrow(UsageError);
  },
);

test("stdin can be given once only", () => {
  expect(() => parseAnalyzeOptions(["-", "-"], options)).toThrow("only once");
});
