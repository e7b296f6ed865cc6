import { describe, expect, test } from "vitest";
import { ruleGroups } from "../../dashboards/alerts/index.ts";
import { catalogue, metricsIn } from "../../dashboards/catalogue.ts";
import { queriesIn, runbooks } from "./runbooks.ts";

const alertNames = ruleGroups().flatMap(({ alerts }) => alerts.map(({ name }) => name));
const commands = ["analyze", "ps", "top", "doctor", "dashboards"];

test("every alert has a page, and every page an alert", () => {
  expect([...runbooks.keys()].filter((name) => name !== "README").sort()).toEqual([...alertNames].sort());
});

test("the list of pages names each of them once", () => {
  const listed = [...runbooks.get("README")!.matchAll(/^\| \[(\w+)\]\((\w+)\.md\)/gm)].map(([, title, file]) => [
    title,
    file,
  ]);
  expect(listed).toEqual([...alertNames].sort().map((name) => [name, name]));
});

describe.each(alertNames)("the page of %s", (name) => {
  const page = runbooks.get(name) ?? "";

  test("says what it means, how to confirm it, what to do, and when it is nothing", () => {
    const headings = [...page.matchAll(/^#+ .*$/gm)].map(([heading]) => heading.replace(/^(# \w+): .*/, "$1"));
    expect(headings).toEqual([
      `# ${name}`,
      ...["## What it says", "## How to confirm", "## What to do", "## When it is nothing"],
    ]);
  });

  test("has a query that reads metrics that there are, and links to pages that there are", () => {
    const queries = queriesIn(page);
    expect(queries.length).toBeGreaterThan(0);
    const known = new Set(catalogue.flatMap(({ name: metric }) => metric.replaceAll(".", "_")));
    for (const query of queries) {
      const words = query.match(/\b(?:jvm|jprof|process|container)_\w+(?=[{\s]|$)/g) ?? [];
      expect(
        words.filter((word) => metricsIn(word).length === 0 && !known.has(word)),
        query,
      ).toEqual([]);
    }
    const links = [...page.matchAll(/\]\((\w+)\.md\)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !runbooks.has(target))).toEqual([]);
  });

  test("tells only of commands that jprof has", () => {
    const told = [...page.matchAll(/(?:^|`)jprof (\w+)/gm)].map(([, command]) => command!);
    expect(told.filter((command) => !commands.includes(command))).toEqual([]);
  });
});
