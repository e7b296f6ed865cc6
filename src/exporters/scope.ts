/** Who made the metrics: OpenTelemetry's instrumentation scope. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  /** Of the semantic conventions that names follow. */
  readonly schemaUrl: string;
}

/** The scope of everything that this version of jprof tells. */
export function jprofScope(version: string): Scope {
  return { name: "jprof", version, schemaUrl: "https://opentelemetry.io/schemas/1.44.0" };
}
