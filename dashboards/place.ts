import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";

/** Panels below a heading; a collapsed row asks nothing of Prometheus until it is opened. */
export interface Row {
  readonly title: string;
  readonly collapsed?: true;
  readonly panels: readonly dashboard.Panel[];
}

const columns = 24;

/** Gives every panel its number and its place: from left to right, then below the highest of the line. */
export function placeRows(rows: readonly Row[]): (dashboard.Panel | dashboard.RowPanel)[] {
  const all: (dashboard.Panel | dashboard.RowPanel)[] = [];
  let id = 0;
  let y = 0;
  for (const row of rows) {
    const heading = {
      ...new dashboard.RowBuilder(row.title).build(),
      id: ++id,
      gridPos: { x: 0, y, w: columns, h: 1 },
    };
    const { panels, bottom } = placePanels(row.panels, y + 1);
    const numbered = panels.map((panel) => ({ ...panel, id: ++id }));
    if (row.collapsed) all.push({ ...heading, collapsed: true, panels: numbered });
    else all.push(heading, ...numbered);
    y = row.collapsed ? y + 1 : bottom;
  }
  return all;
}

function placePanels(panels: readonly dashboard.Panel[], top: number) {
  let [x, y, lineHeight] = [0, top, 0];
  const placed = panels.map((panel): dashboard.Panel => {
    const { w = 8, h = 8 } = panel.gridPos ?? {};
    if (x + w > columns) {
      y += lineHeight;
      [x, lineHeight] = [0, 0];
    }
    const gridPos = { x, y, w, h };
    x += w;
    lineHeight = Math.max(lineHeight, h);
    return { ...panel, gridPos };
  });
  return { panels: placed, bottom: y + lineHeight };
}
