import { expect, test } from "vitest";
import { jsonReporter } from "../../src/reports/json.ts";
import { validReport } from "../valid-report.ts";
import { dominators, exampleReport, histogram } from "./example-report.ts";

interface Json {
  readonly inputs: readonly { readonly name: string; readonly sections?: Record<string, unknown> }[];
  readonly summary: readonly { readonly kind: string; readonly takenAt: string | null }[];
  readonly findings: readonly { readonly rule: string; readonly input: string }[];
  readonly sections: Record<string, unknown>;
}

const options = { width: 100, paint: (_style: string, text: string) => text, include: [] };

test("every section is in the JSON, shown or not, and it follows the schema", () => {
  const json = validReport<Json>(jsonReporter.render(exampleReport(), options));
  expect(Object.keys(json.sections)).toEqual(["histogram", "dominators", "jvm"]);
  expect(json.sections.histogram).toEqual(histogram.data);
  expect(json.summary[0]).toMatchObject({ kind: "heap", takenAt: "2023-11-14T22:13:20.000Z" });
  expect(json.findings.map(({ input }) => input)).toEqual(["heap.hprof", "heap.hprof"]);
});

test("the same report gives the same bytes, however long the run took", () => {
  expect(jsonReporter.render(exampleReport({ seconds: 1 }), options)).toBe(
    jsonReporter.render(exampleReport({ seconds: 2 }), options),
  );
});

test("of several inputs the first gives a section to the report, later ones keep theirs", () => {
  const [first] = exampleReport({ sections: [histogram] }).inputs;
  const [second] = exampleReport({ name: "b.hprof", sections: [histogram, dominators] }).inputs;
  const json = validReport<Json>(jsonReporter.render({ ...exampleReport(), inputs: [first!, second!] }, options));
  expect(Object.keys(json.sections)).toEqual(["histogram", "dominators"]);
  expect(json.inputs.map(({ sections }) => Object.keys(sections ?? {}))).toEqual([[], ["histogram"]]);
});

test("a time that the dump does not give is null", () => {
  const [input] = exampleReport().inputs;
  const summary = { ...input!.summary!, takenAtMillis: 0 };
  const json = validReport<Json>(jsonReporter.render(exampleReport({ summary }), options));
  expect(json.summary[0]!.takenAt).toBeNull();
});
