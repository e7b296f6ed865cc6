import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { datasource } from "./panels.ts";
import { placeRows, type Row } from "./place.ts";

/** One variable whose values are those of a label. */
export interface LabelVariable {
  readonly name: string;
  readonly title: string;
  /** PromQL selector whose series have the label. */
  readonly from: string;
  /** More than one may be chosen, and all are at first. */
  readonly many?: true;
}

/** A mark over all panels. */
export interface Annotation {
  readonly name: string;
  readonly expression: string;
  readonly color: string;
  readonly text: string;
}

export interface DashboardSpec {
  /** Links between dashboards rely on it. */
  readonly uid: string;
  /** Its file's name, without the end. */
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly LabelVariable[];
  readonly annotations: readonly Annotation[];
  readonly from: string;
  readonly rows: readonly Row[];
}

/** A dashboard as Grafana imports it, with everything placed. */
export function buildDashboard(spec: DashboardSpec): dashboard.Dashboard {
  const base = new dashboard.DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(["jprof", "jvm"])
    .timezone("browser")
    .refresh("30s")
    .time({ from: spec.from, to: "now" })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder("jprof")
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(["jprof"])
        .includeVars(true)
        .keepTime(true),
    )
    .variables([
      new dashboard.DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"),
      ...spec.variables.map(variable),
    ])
    .annotations([alertsAnnotation(), ...spec.annotations.map(annotation)])
    .build();
  return { ...base, panels: placeRows(spec.rows) };
}

function variable({ name, title, from, many }: LabelVariable): dashboard.QueryVariableBuilder {
  const builder = new dashboard.QueryVariableBuilder(name)
    .label(title)
    .datasource(datasource)
    .query(`label_values(${from}, ${name})`)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc);
  if (!many) return builder;
  return builder
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

function annotation({ name, expression, color, text }: Annotation): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .expr(expression)
    .step("60s")
    .titleFormat(name)
    .textFormat(text);
}

/** Grafana's own: notes of people, and its alerts. */
function alertsAnnotation(): dashboard.AnnotationQueryBuilder {
  return new dashboard.AnnotationQueryBuilder()
    .name("Annotations & Alerts")
    .datasource({ type: "grafana", uid: "-- Grafana --" })
    .enable(true)
    .hide(true)
    .builtIn(1)
    .iconColor("rgba(0, 211, 255, 1)")
    .type("dashboard");
}
