import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { metricsIn } from "./catalogue.ts";
import { runbookOf } from "./runbook.ts";

/** Grafana's name of a unit. */
export type Unit = "bytes" | "binBps" | "s" | "percentunit" | "short" | "cps" | "dtdurations";

/** A value from which on a panel turns to that colour. */
export interface Step {
  readonly from: number;
  readonly color: "green" | "yellow" | "orange" | "red";
}

export interface PanelSpec {
  readonly title: string;
  /** What to look for; what the metrics mean is added from their help. */
  readonly about: string;
  readonly unit: Unit;
  /** PromQL by the legend of its series, which may name labels: `{{jvm_gc_cause}}`. */
  readonly queries: Readonly<Record<string, string>>;
  /** Columns of 24; 8 where it is not given. */
  readonly width?: number;
  /** The alerts whose pages help. */
  readonly runbooks?: readonly string[];
  readonly steps?: readonly Step[];
  readonly noValue?: string;
}

export interface TimeseriesSpec extends PanelSpec {
  readonly stacked?: true;
  /** It may go below zero. */
  readonly signed?: true;
  readonly logarithmic?: true;
}

/** The data source is the reader's choice. */
export const datasource = { type: "prometheus", uid: `\${datasource}` } as const;

/** Values over time. */
export function timeseriesPanel(spec: TimeseriesSpec): dashboard.Panel {
  const builder = new timeseries.PanelBuilder()
    .height(8)
    .lineWidth(1)
    .fillOpacity(spec.stacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Never)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    );
  if (!spec.signed) builder.axisSoftMin(0);
  if (spec.stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (spec.logarithmic) {
    builder.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  }
  return finished(builder, spec);
}

/** One number, as it is now. */
export function statPanel(spec: PanelSpec): dashboard.Panel {
  const builder = new stat.PanelBuilder()
    .height(4)
    .colorMode(spec.steps ? common.BigValueColorMode.Background : common.BigValueColorMode.None)
    .graphMode(common.BigValueGraphMode.Area)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
  return finished(builder, spec);
}

/** How often a histogram's value fell between two bounds, over time. */
export function heatmapPanel(spec: PanelSpec): dashboard.Panel {
  const builder = new heatmap.PanelBuilder()
    .height(8)
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme("Oranges")
        .scale(heatmap.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .yAxis(new heatmap.YAxisConfigBuilder().unit(spec.unit))
    .filterValues(new heatmap.FilterValueRangeBuilder().le(1e-9))
    .calculate(false);
  return finished(builder, spec, prometheus.PromQueryFormat.Heatmap);
}

/** What the builders of all kinds of panels have in common. */
interface AnyPanelBuilder {
  title(title: string): this;
  description(text: string): this;
  datasource(ref: typeof datasource): this;
  unit(unit: string): this;
  span(columns: number): this;
  noValue(text: string): this;
  thresholds(steps: dashboard.ThresholdsConfigBuilder): this;
  links(links: dashboard.DashboardLinkBuilder[]): this;
  targets(targets: prometheus.DataqueryBuilder[]): this;
  build(): dashboard.Panel;
}

function finished(builder: AnyPanelBuilder, spec: PanelSpec, format?: prometheus.PromQueryFormat): dashboard.Panel {
  builder
    .title(spec.title)
    .description(descriptionOf(spec))
    .datasource(datasource)
    .unit(spec.unit)
    .span(spec.width ?? 8)
    .links((spec.runbooks ?? []).map(runbookLink))
    .targets(
      Object.entries(spec.queries).map(([legend, expression], index) => query(index, legend, expression, format)),
    );
  if (spec.noValue !== undefined) builder.noValue(spec.noValue);
  if (spec.steps !== undefined) builder.thresholds(thresholdsOf(spec.steps));
  return builder.build();
}

/** What the panel is for, and what each of its metrics means. */
export function descriptionOf({ about, queries }: Pick<PanelSpec, "about" | "queries">): string {
  const helps = metricsIn(Object.values(queries).join(" ")).map(({ name, help }) => `- \`${name}\`: ${help}`);
  return [about, ...new Set(helps)].join("\n\n");
}

export function runbookLink(alertName: string): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(`Runbook: ${alertName}`)
    .type(dashboard.DashboardLinkType.Link)
    .url(runbookOf(alertName))
    .targetBlank(true);
}

function thresholdsOf(steps: readonly Step[]): dashboard.ThresholdsConfigBuilder {
  const [first, ...others] = steps;
  const begin = { value: null, color: first?.color ?? "green" };
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([begin, ...others.map(({ from, color }) => ({ value: from, color }))]);
}

/** The letters A, B, C … name a panel's queries. */
export function refIdOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function query(index: number, legend: string, expression: string, format?: prometheus.PromQueryFormat) {
  const builder = new prometheus.DataqueryBuilder()
    .datasource(datasource)
    .refId(refIdOf(index))
    .expr(expression)
    .legendFormat(legend)
    .range();
  return format === undefined ? builder : builder.format(format);
}
