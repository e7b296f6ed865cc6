import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyzers } from "../../analyzers/index.ts";
import { gcLogAnalyzers } from "../../analyzers/of-gc-logs.ts";
import { heapAnalyzers } from "../../analyzers/of-heaps.ts";
import { nativeAnalyzers } from "../../analyzers/of-native.ts";
import { recordingAnalyzers } from "../../analyzers/of-recordings.ts";
import { threadDumpAnalyzers } from "../../analyzers/of-thread-dumps.ts";

const top = join(import.meta.dirname, "../..");

/** Rule ids as they stand in the analyzers' source. */
const families = "heap|cpu|alloc|lock|io|threads|timeline|gc|safepoint|jvm|recording|native";
const rules = [
  ...new Set(
    readdirSync(join(top, "analyzers"))
      .flatMap(
        (file) =>
          readFileSync(join(top, "analyzers", file), "utf8").match(new RegExp(`"(${families})/[a-z-]+"`, "g")) ?? [],
      )
      .map((quoted) => quoted.slice(1, -1)),
  ),
];
const pages = new Map(
  readdirSync(join(top, "docs/rules")).map((file) => [
    `rules/${file}`,
    readFileSync(join(top, "docs/rules", file), "utf8"),
  ]),
);

test("every analyzer has a name of its own among those of its evidence, a description and needs some evidence", () => {
  const lists = [heapAnalyzers, recordingAnalyzers, threadDumpAnalyzers, gcLogAnalyzers, nativeAnalyzers];
  for (const list of lists) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
  for (const { name, description, needs } of analyzers) {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(description.length, name).toBeGreaterThan(10);
    expect(needs.length, name).toBeGreaterThan(0);
  }
});

test("every rule has its place on a page in docs/rules, and docs/index.md lists it with that page", () => {
  const index = readFileSync(join(top, "docs/index.md"), "utf8");
  expect(rules.length).toBeGreaterThan(60);
  expect(rules.filter((rule) => pagesOf(rule).length === 0)).toEqual([]);
  expect(rules.filter((rule) => !pagesOf(rule).some((page) => index.includes(`[${rule}](${page})`)))).toEqual([]);
});

test("every page in docs/rules is of a rule", () => {
  const used = new Set(rules.flatMap(pagesOf));
  expect([...pages.keys()].filter((page) => !used.has(page))).toEqual([]);
});

/** Pages with a heading or a row of a table that is about the rule. */
function pagesOf(rule: string): readonly string[] {
  const heading = new RegExp(`^(?:#.*(?<![\\w/-])|\\| \`)${rule}(?![\\w-])`, "m");
  return [...pages].flatMap(([page, text]) => (heading.test(text) ? [page] : []));
}
