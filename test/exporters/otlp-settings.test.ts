import { describe, expect, test } from "vitest";
import { parseOtlpSettings } from "../../src/exporters/otlp-settings.ts";

describe("settings from the environment", () => {
  test("have the specification's defaults, but exponential histograms", () => {
    expect(parseOtlpSettings({})).toEqual({
      isAsked: false,
      protocol: "http/protobuf",
      intervalMillis: 60_000,
      timeoutMillis: 30_000,
      temporality: "cumulative",
      histograms: "exponential",
      resource: {},
      warnings: [],
    });
  });

  test.each([
    [{ OTEL_METRICS_EXPORTER: "otlp" }, true],
    [{ OTEL_METRICS_EXPORTER: "prometheus, otlp" }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, true],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://c:4318" }, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: " " }, false],
    [{ OTEL_METRICS_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318" }, false],
    [{ OTEL_METRICS_EXPORTER: "otlp", OTEL_SDK_DISABLED: "TRUE" }, false],
    [{ OTEL_METRICS_EXPORTER: "otlp", OTEL_SDK_DISABLED: "yes" }, true],
  ])("%o asks for a push: %s", (environment, isAsked) => {
    expect(parseOtlpSettings(environment).isAsked).toBe(isAsked);
  });

  test("are taken as written, those of metrics before those of all signals", () => {
    expect(
      parseOtlpSettings({
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
        OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "grpc",
        OTEL_METRIC_EXPORT_INTERVAL: "10000",
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "LowMemory",
        OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "explicit_bucket_histogram",
        OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=prod%2Ceu, service.name=x ,empty=",
        OTEL_SERVICE_NAME: "billing",
      }),
    ).toEqual({
      isAsked: false,
      protocol: "grpc",
      intervalMillis: 10_000,
      timeoutMillis: 10_000,
      temporality: "lowmemory",
      histograms: "explicit",
      resource: { "deployment.environment.name": "prod,eu", "service.name": "billing", empty: "" },
      warnings: [],
    });
  });

  test("that cannot be used are warned of and ignored", () => {
    const { warnings, ...settings } = parseOtlpSettings({
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "1.5",
      OTEL_METRIC_EXPORT_TIMEOUT: "-1",
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "toString",
      OTEL_RESOURCE_ATTRIBUTES: "good=1,bad",
      OTEL_SERVICE_NAME: "billing",
    });
    expect(settings).toEqual({
      ...parseOtlpSettings({}),
      warnings: undefined,
      resource: { "service.name": "billing" },
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE takes cumulative or delta or lowmemory, got 'toString'; it is ignored (cumulative)",
        "OTEL_EXPORTER_OTLP_PROTOCOL takes http/protobuf or grpc, got 'http/json'; it is ignored (http/protobuf)",
        "OTEL_METRIC_EXPORT_INTERVAL takes milliseconds as a whole number above 0, got '1.5'; it is ignored",
        "OTEL_METRIC_EXPORT_TIMEOUT takes milliseconds as a whole number above 0, got '-1'; it is ignored",
        "OTEL_RESOURCE_ATTRIBUTES takes key=value,…, got 'bad'; it is ignored",
      ]
    `);
    expect(parseOtlpSettings({ OTEL_RESOURCE_ATTRIBUTES: "a=%E0%A4%A" }).warnings).toHaveLength(1);
  });
});
