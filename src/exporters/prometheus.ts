import type { Exporter } from "../model/exporter.ts";
import type { Labels } from "../model/metric.ts";
import { negotiateFormat } from "./content-type.ts";
import { prometheusLabel } from "./metric-names.ts";
import { type Naming, otelNaming } from "./naming/naming.ts";
import { PrometheusTarget, type TargetView } from "./prometheus-target.ts";
import { type Exposition, exposition } from "./prometheus-text.ts";
import type { Scope } from "./scope.ts";
import { defaultSeriesLimits, type SeriesLimits } from "./series-limiter.ts";

/** Resource attributes that are labels of every series where a target has them; `service.name` and `process.pid` always are. */
export const defaultResourceLabels = [
  "service.namespace",
  "service.instance.id",
  "k8s.namespace.name",
  "k8s.pod.name",
  "k8s.container.name",
] as const;

const identifyingLabels = ["service.name", "process.pid"] as const;

/** What a scrape shows, and how. */
export interface PrometheusOptions {
  readonly naming?: Naming;
  readonly limits?: SeriesLimits;
  readonly resourceLabels?: readonly string[];
  /** Undefined: no `otel_scope_…` labels. */
  readonly scope?: Scope;
}

/** Gives to whoever scrapes what was said last; a scrape asks no JVM anything, and costs what its text costs. */
export interface PrometheusExporter extends Exporter {
  /** The format is chosen by the request's `Accept` header. */
  render(accept: string | undefined): Promise<Exposition>;
  /** Series that did not fit and were rolled up or dropped, of all targets so far. */
  droppedSeries(): number;
}

/** An exporter for Prometheus' pull, with nothing accepted yet. */
export function prometheusExporter(options: PrometheusOptions = {}): PrometheusExporter {
  const view = viewOf(options);
  const targets = new Map<string, PrometheusTarget>();
  let droppedBefore = 0;
  return {
    name: "prometheus",
    accept(target, current, observations) {
      const series = targets.get(target.key) ?? new PrometheusTarget(view);
      targets.set(target.key, series);
      series.accept(target, current, observations);
    },
    forget(targetKey) {
      droppedBefore += targets.get(targetKey)?.droppedSeries ?? 0;
      targets.delete(targetKey);
    },
    async close() {},
    async render(accept) {
      const format = negotiateFormat(accept);
      const shown = distinct([...targets.values()]);
      const blocks = await Promise.all(shown.map((series) => series.blocks(format)));
      return exposition(blocks.flat(), format);
    },
    droppedSeries: () => [...targets.values()].reduce((sum, { droppedSeries }) => sum + droppedSeries, droppedBefore),
  };
}

function viewOf(options: PrometheusOptions): TargetView {
  const { naming = otelNaming, limits = defaultSeriesLimits, resourceLabels = defaultResourceLabels } = options;
  const scope = options.scope === undefined ? {} : scopeLabels(options.scope);
  const attributes = [...identifyingLabels, ...resourceLabels];
  return {
    naming,
    limits,
    labelsOf({ resource }) {
      const own = attributes.map((attribute) => [prometheusLabel(attribute), resource[attribute]] as const);
      const renamed = Object.entries(naming.targetLabels).map(
        ([label, attribute]) => [label, resource[attribute]] as const,
      );
      const known = [...own, ...renamed].flatMap(([label, value]) =>
        value === undefined ? [] : [[label, String(value)]],
      );
      return { ...Object.fromEntries(known), ...scope };
    },
  };
}

function scopeLabels({ name, version, schemaUrl }: Scope): Labels {
  return { otel_scope_name: name, otel_scope_version: version, otel_scope_schema_url: schemaUrl };
}

/** Of targets that no label tells apart (a pid that was used again), the one that came last: two series of one name would be refused. */
function distinct(targets: readonly PrometheusTarget[]): readonly PrometheusTarget[] {
  return [...new Map(targets.map((series) => [series.ownLabelsKey, series])).values()];
}
