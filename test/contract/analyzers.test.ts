import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyzers } from "../../analyzers/index.ts";

const top = join(import.meta.dirname, "../..");

/** Rule ids as they stand in the analyzers' source. */
const rules = readdirSync(join(top, "analyzers"))
  .flatMap((file) => readFileSync(join(top, "analyzers", file), "utf8").match(/"heap\/[a-z-]+"/g) ?? [])
  .map((quoted) => quoted.slice(1, -1));

test("every analyzer has its own name, a description and needs some evidence", () => {
  expect(new Set(analyzers.map(({ name }) => name)).size).toBe(analyzers.length);
  for (const { name, description, needs } of analyzers) {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(description.length, name).toBeGreaterThan(10);
    expect(needs.length, name).toBeGreaterThan(0);
  }
});

test("every rule has its page in docs/rules, and docs/index.md lists it", () => {
  const index = readFileSync(join(top, "docs/index.md"), "utf8");
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((rule) => !existsSync(join(top, "docs", pageOf(rule))))).toEqual([]);
  expect(rules.filter((rule) => !index.includes(`[${rule}](${pageOf(rule)})`))).toEqual([]);
});

test("every page in docs/rules is of a rule", () => {
  const pages = readdirSync(join(top, "docs/rules")).map((file) => `rules/${file}`);
  expect(pages.filter((page) => !rules.some((rule) => pageOf(rule) === page))).toEqual([]);
});

function pageOf(rule: string): string {
  return `rules/${rule.replace("/", "-")}.md`;
}
