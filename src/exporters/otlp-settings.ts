/** Which sums restart with each export: none, all counters and histograms, or histograms alone. */
export const temporalities = ["cumulative", "delta", "lowmemory"] as const;
export type Temporality = (typeof temporalities)[number];

/** Histograms whose buckets grow evenly by a factor, or with the bounds of the metric. */
export const histogramKinds = ["exponential", "explicit"] as const;
export type HistogramKind = (typeof histogramKinds)[number];

export const otlpProtocols = ["http/protobuf", "grpc"] as const;
export type OtlpProtocol = (typeof otlpProtocols)[number];

/**
 * What the variables of the OpenTelemetry specification say that the OTLP exporters do not read themselves. Endpoint, headers, time limit of
 * a request, compression and certificates are theirs: `OTEL_EXPORTER_OTLP_[METRICS_]{ENDPOINT, HEADERS, TIMEOUT, COMPRESSION, CERTIFICATE,
 * CLIENT_CERTIFICATE, CLIENT_KEY, INSECURE}`.
 */
export interface OtlpSettings {
  /** Whether the environment asks for a push: it names the exporter `otlp`, or an endpoint and no other exporter. */
  readonly isAsked: boolean;
  readonly protocol: OtlpProtocol;
  readonly intervalMillis: number;
  /** For one round over all targets. */
  readonly timeoutMillis: number;
  readonly temporality: Temporality;
  readonly histograms: HistogramKind;
  /** Attributes for the resource of every target: `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`. */
  readonly resource: Readonly<Record<string, string>>;
  /** What was set and cannot be used, each with what holds instead. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `OTEL_…` as the specification says: an empty variable is none, and one with a value that is not known is warned of and ignored. */
export function parseOtlpSettings(environment: Environment): OtlpSettings {
  const warnings: string[] = [];
  const read = readerOf(environment, warnings);
  const aggregation = read.choice(["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"], {
    base2_exponential_bucket_histogram: "exponential",
    explicit_bucket_histogram: "explicit",
  });
  const temporality = read.choice(["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], {
    cumulative: "cumulative",
    delta: "delta",
    lowmemory: "lowmemory",
  });
  const protocol = read.choice(["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"], {
    "http/protobuf": "http/protobuf",
    grpc: "grpc",
  });
  const intervalMillis = read.millis("OTEL_METRIC_EXPORT_INTERVAL") ?? 60_000;
  return {
    isAsked: isAsked(read.text),
    protocol: protocol ?? "http/protobuf",
    intervalMillis,
    timeoutMillis: Math.min(intervalMillis, read.millis("OTEL_METRIC_EXPORT_TIMEOUT") ?? 30_000),
    temporality: temporality ?? "cumulative",
    histograms: aggregation ?? "exponential",
    resource: resourceOf(read.text, warnings),
    warnings,
  };
}

function isAsked(text: (name: string) => string | undefined): boolean {
  if (text("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return false;
  const exporters = text("OTEL_METRICS_EXPORTER");
  if (exporters !== undefined) return exporters.split(",").some((name) => name.trim() === "otlp");
  return ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"].some(
    (name) => text(name) !== undefined,
  );
}

function readerOf(environment: Environment, warnings: string[]) {
  const text = (name: string) => {
    const value = environment[name]?.trim();
    return value === "" ? undefined : value;
  };
  return {
    text,
    /** Of the first variable that is set. */
    choice<const T extends string>(names: readonly string[], values: Readonly<Record<string, T>>): T | undefined {
      const name = names.find((each) => text(each) !== undefined);
      if (name === undefined) return undefined;
      const given = (text(name) ?? "").toLowerCase();
      if (Object.hasOwn(values, given)) return values[given];
      const [first] = Object.keys(values);
      warnings.push(`${name} takes ${Object.keys(values).join(" or ")}, got '${text(name)}'; it is ignored (${first})`);
      return undefined;
    },
    millis(name: string): number | undefined {
      const given = text(name);
      if (given === undefined) return undefined;
      const millis = Number(given);
      if (Number.isInteger(millis) && millis > 0 && millis < 2 ** 31) return millis;
      warnings.push(`${name} takes milliseconds as a whole number above 0, got '${given}'; it is ignored`);
      return undefined;
    },
  };
}

/** `key=value,key=value` with percent-encoded values; a list that is wrong anywhere is not used at all, as the specification says. */
function resourceOf(text: (name: string) => string | undefined, warnings: string[]): Readonly<Record<string, string>> {
  const name = "OTEL_RESOURCE_ATTRIBUTES";
  const serviceName = text("OTEL_SERVICE_NAME");
  const service = serviceName === undefined ? {} : { "service.name": serviceName };
  try {
    const pairs = (text(name) ?? "").split(",").filter((pair) => pair.trim() !== "");
    return { ...Object.fromEntries(pairs.map(attributeOf)), ...service };
  } catch (cause) {
    warnings.push(`${name} takes key=value,…, got '${cause instanceof Error ? cause.message : cause}'; it is ignored`);
    return service;
  }
}

function attributeOf(pair: string): readonly [string, string] {
  const [key = "", value, ...more] = pair.split("=").map((part) => part.trim());
  if (key === "" || value === undefined || more.length > 0) throw new Error(pair.trim());
  return [decodeURIComponent(key), decodeURIComponent(value)];
}
