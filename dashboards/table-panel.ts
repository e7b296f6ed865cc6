import * as common from "@grafana/grafana-foundation-sdk/common";
import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as table from "@grafana/grafana-foundation-sdk/table";
import { datasource, descriptionOf, refIdOf, runbookLink, type Step, type Unit } from "./panels.ts";

/** A column that a query fills: the same labels in each query make one row. */
export interface Column {
  readonly title: string;
  readonly expression: string;
  readonly unit: Unit;
  readonly steps?: readonly Step[];
  /** The query is there for its labels. */
  readonly hidden?: true;
}

export interface TableSpec {
  readonly title: string;
  readonly about: string;
  readonly columns: readonly Column[];
  /** Labels to show, by the title of their column, in order. */
  readonly labels: Readonly<Record<string, string>>;
  /** Title of the column to sort by. */
  readonly sortBy: string;
  readonly ascending?: true;
  readonly width?: number;
  readonly height?: number;
  readonly runbooks?: readonly string[];
  readonly noValue?: string;
  /** From a row to a dashboard. */
  readonly link?: { readonly title: string; readonly url: string };
}

/** What is so now, one row per set of labels. */
export function tablePanel(spec: TableSpec): dashboard.Panel {
  const builder = new table.PanelBuilder()
    .title(spec.title)
    .description(descriptionOf({ about: spec.about, queries: queriesOf(spec) }))
    .datasource(datasource)
    .span(spec.width ?? 24)
    .height(spec.height ?? 10)
    .filterable(true)
    .links((spec.runbooks ?? []).map(runbookLink))
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(!spec.ascending)])
    .targets(spec.columns.map(query))
    .transformations([{ id: "merge", options: {} }, organize(spec)]);
  if (spec.noValue !== undefined) builder.noValue(spec.noValue);
  for (const column of spec.columns) builder.overrideByName(column.title, columnProperties(column));
  const [firstTitle] = Object.keys(spec.labels);
  if (spec.link !== undefined && firstTitle !== undefined) {
    builder.overrideByName(firstTitle, [{ id: "links", value: [spec.link] }]);
  }
  return builder.build();
}

function queriesOf({ columns }: TableSpec): Readonly<Record<string, string>> {
  return Object.fromEntries(columns.map(({ title, expression }) => [title, expression]));
}

function query({ expression }: Column, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .datasource(datasource)
    .refId(refIdOf(index))
    .expr(expression)
    .format(prometheus.PromQueryFormat.Table)
    .instant();
}

/** Names and orders the columns, and leaves out the time. The queries have no labels but those to show. */
function organize({ columns, labels }: TableSpec): dashboard.DataTransformerConfig {
  const shown = columns.flatMap((column, index) => (column.hidden ? [] : [valueNameOf(index, columns.length)]));
  const titles = columns.map(({ title }, index) => [valueNameOf(index, columns.length), title]);
  const fields = [...Object.values(labels), ...shown];
  return {
    id: "organize",
    options: {
      excludeByName: Object.fromEntries(
        ["Time", ...columns.flatMap(({ hidden }, index) => (hidden ? [valueNameOf(index, columns.length)] : []))].map(
          (name) => [name, true],
        ),
      ),
      indexByName: Object.fromEntries(fields.map((name, index) => [name, index])),
      renameByName: Object.fromEntries([...Object.entries(labels).map(([title, label]) => [label, title]), ...titles]),
    },
  };
}

/** How Grafana calls a query's value: `Value` alone, `Value #A` among others. */
function valueNameOf(index: number, count: number): string {
  return count === 1 ? "Value" : `Value #${refIdOf(index)}`;
}

function columnProperties({ unit, steps }: Column): dashboard.DynamicConfigValue[] {
  const properties: dashboard.DynamicConfigValue[] = [{ id: "unit", value: unit }];
  if (steps === undefined) return properties;
  const [first, ...others] = steps;
  return [
    ...properties,
    { id: "custom.cellOptions", value: { type: common.TableCellDisplayMode.ColorBackground, mode: "basic" } },
    {
      id: "thresholds",
      value: {
        mode: "absolute",
        steps: [
          { value: null, color: first?.color ?? "green" },
          ...others.map(({ from, color }) => ({ value: from, color })),
        ],
      },
    },
  ];
}
