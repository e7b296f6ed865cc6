declare module "prom-client/lib/registry.js" {
  import type { OpenMetricsContentType, PrometheusContentType } from "prom-client";

  /** What its own declarations leave out: one metric as text, without an end. */
  class Registry {
    static readonly PROMETHEUS_CONTENT_TYPE: PrometheusContentType;
    static readonly OPENMETRICS_CONTENT_TYPE: OpenMetricsContentType;
    constructor(contentType: PrometheusContentType | OpenMetricsContentType);
    getMetricsAsString(metric: { get(): Promise<object> }): Promise<string>;
  }
  export = Registry;
}
