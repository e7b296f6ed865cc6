import { DiagLogLevel, diag } from "@opentelemetry/api";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { UsageError } from "../model/errors.ts";
import type { Exporter } from "../model/exporter.ts";
import { OtlpRounds, type OtlpStatus } from "./otlp-rounds.ts";
import type { HistogramKind, OtlpProtocol, Temporality } from "./otlp-settings.ts";
import { OtlpTarget } from "./otlp-target.ts";
import type { Scope } from "./scope.ts";
import { defaultSeriesLimits, type SeriesLimits } from "./series-limiter.ts";

/** A request that is never answered holds a connection; with this many of them, nothing is sent until one ends. */
const mostRequests = 4;

/** How and where to push. */
export interface OtlpOptions {
  readonly scope: Scope;
  readonly protocol: OtlpProtocol;
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT` has it: `http://localhost:4318`. Undefined: what the environment says, or the default. */
  readonly endpoint?: string | undefined;
  /** For one request with its retries. Undefined: what the environment says, or ten seconds. */
  readonly requestTimeoutMillis?: number | undefined;
  readonly intervalMillis: number;
  /** For one round over all targets. */
  readonly timeoutMillis: number;
  readonly temporality: Temporality;
  readonly histograms: HistogramKind;
  readonly limits?: SeriesLimits;
  /** Told what the exporters of OpenTelemetry warn of: values that the endpoint took no part of, settings that cannot be used. */
  warn(message: string): void;
}

/** Pushes what was said last, at an interval, by OTLP. */
export interface OtlpExporter extends Exporter {
  /** Sends now, or waits for what is being sent. */
  flush(signal: AbortSignal): Promise<void>;
  status(): OtlpStatus;
  /** Series that did not fit and were rolled up or dropped, of all targets so far. */
  droppedSeries(): number;
}

/** Loads what the protocol needs, and begins to push. */
export async function openOtlpExporter(options: OtlpOptions): Promise<OtlpExporter> {
  listenToWarnings(options.warn);
  const pushExporter = await openPushExporter(options);
  const rounds = new OtlpRounds(pushExporter);
  const { scope, temporality, histograms, limits = defaultSeriesLimits, intervalMillis, timeoutMillis } = options;
  const view = { scope, temporality, histograms, limits };
  const keys = new Set<string>();
  let droppedBefore = 0;
  const timer = setInterval(() => void rounds.run(AbortSignal.timeout(timeoutMillis)), intervalMillis);
  timer.unref();
  return {
    name: "otlp",
    accept(target, current, observations) {
      const known = rounds.targetOf(target.key) ?? new OtlpTarget(target, view);
      if (rounds.targetOf(target.key) === undefined) rounds.add(target.key, known);
      keys.add(target.key);
      known.accept(target, current, observations);
    },
    forget(targetKey) {
      droppedBefore += rounds.targetOf(targetKey)?.droppedSeries ?? 0;
      keys.delete(targetKey);
      rounds.leave(targetKey);
    },
    async close(signal) {
      clearInterval(timer);
      await orAborted(rounds.runAgain(signal), signal);
      await orAborted(pushExporter.shutdown(), signal);
    },
    flush: (signal) => rounds.run(signal),
    status: () => rounds.status,
    droppedSeries: () =>
      [...keys].reduce((sum, key) => sum + (rounds.targetOf(key)?.droppedSeries ?? 0), droppedBefore),
  };
}

/** The exporters of OpenTelemetry tell what does not stop an export in no other way. */
function listenToWarnings(warn: (message: string) => void): void {
  const tell = (message: string, ...more: readonly unknown[]) => warn([message, ...more.map(String)].join(" "));
  const ignore = () => {};
  const logger = { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

async function openPushExporter(options: OtlpOptions): Promise<PushMetricExporter> {
  const { protocol, endpoint, requestTimeoutMillis } = options;
  const shared = {
    concurrencyLimit: mostRequests,
    ...(requestTimeoutMillis === undefined ? {} : { timeoutMillis: requestTimeoutMillis }),
  };
  try {
    if (protocol === "grpc") {
      const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-grpc");
      return new OTLPMetricExporter({ ...shared, ...(endpoint === undefined ? {} : { url: endpoint }) });
    }
    const { OTLPMetricExporter } = await import("@opentelemetry/exporter-metrics-otlp-proto");
    return new OTLPMetricExporter({ ...shared, ...(endpoint === undefined ? {} : { url: metricsUrl(endpoint) }) });
  } catch (cause) {
    throw new UsageError(`cannot push by OTLP: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function metricsUrl(endpoint: string): string {
  if (!URL.canParse(endpoint)) throw new Error(`expected an endpoint such as http://localhost:4318, got '${endpoint}'`);
  return `${endpoint.replace(/\/+$/, "")}/v1/metrics`;
}

/** Settles with the work or with the signal, whichever comes first. */
function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    work.then(resolve, reject);
  });
}
