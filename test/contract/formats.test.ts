import { expect, test } from "vitest";
import { pipelines } from "../../src/cli/pipelines.ts";
import { formats } from "../../src/formats/index.ts";
import { reporters } from "../../src/reports/index.ts";

test("every format has its own name, a pipeline, and refuses what is empty or of another kind", () => {
  expect(Object.keys(pipelines).sort()).toEqual(formats.map(({ name }) => name).sort());
  for (const { sniff, description } of formats) {
    expect(description).not.toBe("");
    expect(sniff(new Uint8Array(), "heap.hprof")).toBe(false);
    expect(sniff(Buffer.from("some text that is nothing"), "heap.hprof")).toBe(false);
  }
});

test("every reporter has its own name and a description", () => {
  expect(reporters.map(({ name }) => name)).toEqual(["text", "json", "md", "html"]);
  for (const { description } of reporters) expect(description).not.toBe("");
});
