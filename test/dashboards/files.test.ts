import { describe, expect, test } from "vitest";
import { ruleGroups } from "../../dashboards/alerts/index.ts";
import { catalogue, metricsIn } from "../../dashboards/catalogue.ts";
import { generatedFiles } from "../../dashboards/files.ts";
import { panelsOf, type ShippedPanel, shippedDashboards, shippedFiles } from "./generated.ts";
import { unusedMetrics } from "./unused-metrics.ts";

const alertNames = ruleGroups().flatMap(({ alerts }) => alerts.map(({ name }) => name));

test("the committed files are those that the code makes (npm run docs)", () => {
  const generated = generatedFiles();
  expect([...shippedFiles.keys()].sort()).toEqual([...generated.keys()].sort());
  for (const [name, text] of generated) expect(shippedFiles.get(name) === text, name).toBe(true);
});

describe.each(shippedDashboards)("the dashboard $title", (dashboard) => {
  const panels = panelsOf(dashboard);

  test("numbers each panel and row once", () => {
    const ids = [...panels, ...dashboard.panels.filter(({ type }) => type === "row")].map(({ id }) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    expect(ids.every((id) => id > 0)).toBe(true);
  });

  test("lays no panel over another, nor beyond the edge", () => {
    const placed = [
      ...dashboard.panels,
      ...dashboard.panels.filter(({ collapsed }) => collapsed).flatMap(({ panels: inside }) => inside ?? []),
    ];
    expect(placed.filter(({ gridPos: { x, w } }) => x < 0 || w < 1 || x + w > 24)).toEqual([]);
    expect(overlapsAmong(dashboard.panels)).toEqual([]);
    for (const { panels: inside } of dashboard.panels) expect(overlapsAmong(inside ?? [])).toEqual([]);
  });

  test("tells of each panel what it shows, in which unit, from the reader's data source", () => {
    for (const { title, description, fieldConfig, datasource, targets } of panels) {
      expect(description?.length, title).toBeGreaterThan(20);
      const overrides = fieldConfig?.overrides.flatMap(({ properties }) => properties.map(({ id }) => id)) ?? [];
      expect(fieldConfig?.defaults.unit !== undefined || overrides.includes("unit"), title).toBe(true);
      const uids = [datasource?.uid, ...(targets ?? []).map((target) => target.datasource.uid)];
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in
      expect(new Set(uids), title).toEqual(new Set(["${datasource}"]));
      expect(targets?.length, title).toBeGreaterThan(0);
    }
  });

  test("gives the queries of a panel a letter each", () => {
    for (const { title, targets } of panels) {
      const letters = (targets ?? []).map(({ refId }) => refId);
      expect(letters, title).toEqual(letters.map((_, index) => String.fromCharCode(65 + index)));
    }
  });

  test("asks only for variables that it has", () => {
    const known = new Set([
      ...dashboard.templating.list.map(({ name }) => name),
      ...["__rate_interval", "__range", "__data", "__url_time_range", "__all"],
    ]);
    const used = JSON.stringify(dashboard).matchAll(/\$\{?([a-z_]+)/g);
    expect([...used].map(([, name]) => name!).filter((name) => !known.has(name))).toEqual([]);
  });

  test("links only to runbooks of alerts", () => {
    const pages = panels.flatMap(({ links }) => (links ?? []).map(({ url }) => url));
    expect(pages.filter((page) => !alertNames.some((name) => page === `runbooks/${name}.md`))).toEqual([]);
  });
});

test("no two dashboards have one uid", () => {
  const uids = shippedDashboards.map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
});

test("every metric is shown by a panel, or it is written down why not", () => {
  const queries = shippedDashboards.flatMap((one) => panelsOf(one)).flatMap(({ targets }) => targets ?? []);
  const shown = new Set(metricsIn(queries.map(({ expr }) => expr).join(" ")).map(({ name }) => name));
  const hidden = catalogue.map(({ name }) => name).filter((name) => !shown.has(name));
  expect(hidden).toEqual(Object.keys(unusedMetrics).sort());
});

test("every alert is linked from a panel", () => {
  const pages = new Set(
    shippedDashboards.flatMap((one) => panelsOf(one)).flatMap(({ links }) => (links ?? []).map(({ url }) => url)),
  );
  expect(alertNames.filter((name) => !pages.has(`runbooks/${name}.md`))).toEqual([]);
});

function overlapsAmong(panels: readonly ShippedPanel[]): readonly string[] {
  return panels.flatMap((one, index) =>
    panels
      .slice(index + 1)
      .filter((other) => overlap(one.gridPos, other.gridPos))
      .map((other) => `${one.title} and ${other.title}`),
  );
}

function overlap(a: ShippedPanel["gridPos"], b: ShippedPanel["gridPos"]): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
