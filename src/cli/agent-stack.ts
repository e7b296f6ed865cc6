import { readFileSync } from "node:fs";
import { derivations } from "../../collectors/derived/index.ts";
import { collectors } from "../../collectors/index.ts";
import { type Agent, startAgent } from "../agent/agent.ts";
import { startWebServer, textPage, type WebConfig } from "../agent/http-server.ts";
import { exportedTargetOf } from "../agent/service.ts";
import { targetsReport } from "../agent/targets-report.ts";
import type { WatchPlan } from "../agent/watched-target.ts";
import { namings } from "../exporters/naming/index.ts";
import { type OtlpSettings, parseOtlpSettings } from "../exporters/otlp-settings.ts";
import { defaultResourceLabels, type PrometheusExporter, prometheusExporter } from "../exporters/prometheus.ts";
import { jprofScope } from "../exporters/scope.ts";
import { UsageError } from "../model/errors.ts";
import type { ExportedTarget, Exporter } from "../model/exporter.ts";
import { agentJvms, serviceOf } from "./agent-jvms.ts";
import type { AgentLogs } from "./agent-log.ts";
import { hostAndPortOf } from "./agent-options.ts";
import { type AgentRecordings, agentRecordings } from "./agent-recordings.ts";
import type { AgentSettings, WebSettings } from "./agent-settings.ts";
import type { ProcessConfig } from "./config.ts";
import { matchesPattern } from "./name-pattern.ts";
import { tool } from "./tool.ts";

/** A running agent with its exporters and its endpoint. */
export interface AgentStack {
  readonly url: string;
  readonly agent: Agent;
  stop(signal: AbortSignal): Promise<void>;
}

/** Longest gap between two looks for JVMs before the agent calls itself ill, beside twice its interval. */
const hungSeconds = 60;

/** Opens the endpoint first: when that fails, no JVM has been touched. */
export async function startStack(
  settings: AgentSettings,
  { environment }: ProcessConfig,
  logs: AgentLogs,
): Promise<AgentStack> {
  const otlp = parseOtlpSettings(environment);
  for (const warning of otlp.warnings) logs.log.warn({ warning }, "an OTEL_ variable is not used as it is");
  const prometheus = openPrometheus(settings);
  const scrapes: ScrapeTime = { lastSeconds: undefined };
  const recordings = agentRecordings(settings, logs.log);
  let agent: Agent | undefined;
  const web = await startWebServer(
    webConfigOf(settings),
    pagesOf({ prometheus, scrapes, discoverySeconds: settings.discoverySeconds, agentOf: () => agent, recordings }),
  );
  const exporters = [prometheus, ...(await pushExporters(settings, otlp, logs))];
  agent = startWith(settings, otlp, { exporters, logs, scrapes, recordings });
  logs.log.info(
    { url: `${web.url}/metrics`, policy: settings.policy, exporters: exporters.map(({ name }) => name) },
    "listening",
  );
  const started = agent;
  return {
    url: web.url,
    agent,
    async stop(signal) {
      await started.stop();
      await Promise.all(exporters.map((exporter) => exporter.close(signal)));
      await web.close();
    },
  };
}

function openPrometheus({ naming: wanted, limits, prometheus }: AgentSettings): PrometheusExporter {
  const naming = namings.find(({ name }) => name === wanted);
  if (naming === undefined) throw new UsageError(`there is no naming '${wanted}'`);
  return prometheusExporter({
    naming,
    limits,
    resourceLabels: [...new Set([...defaultResourceLabels, ...prometheus.resourceLabels])],
    ...(prometheus.scopeLabels ? { scope: jprofScope(tool.version) } : {}),
  });
}

async function pushExporters(
  { otlp: { enabled }, limits }: AgentSettings,
  otlp: OtlpSettings,
  { log }: AgentLogs,
): Promise<readonly Exporter[]> {
  if (enabled === false || (enabled === "auto" && !otlp.isAsked)) return [];
  const { openOtlpExporter } = await import("../exporters/otlp.ts");
  const { protocol, intervalMillis, timeoutMillis, temporality, histograms } = otlp;
  const warn = (message: string) => log.warn({ exporter: "otlp" }, message);
  const scope = jprofScope(tool.version);
  return [
    await openOtlpExporter({ scope, protocol, intervalMillis, timeoutMillis, temporality, histograms, limits, warn }),
  ];
}

interface Surroundings {
  readonly exporters: readonly Exporter[];
  readonly logs: AgentLogs;
  readonly scrapes: ScrapeTime;
  readonly recordings: AgentRecordings | undefined;
}

interface ScrapeTime {
  lastSeconds: number | undefined;
}

function startWith(settings: AgentSettings, otlp: OtlpSettings, surroundings: Surroundings): Agent {
  const { logs, scrapes } = surroundings;
  const attributes = { ...otlp.resource, ...settings.attributes };
  const { include, exclude } = settings.jvms;
  const self: ExportedTarget = {
    key: "jprof",
    resource: {
      "service.name": tool.name,
      "service.version": tool.version,
      "process.pid": process.pid,
      ...withoutName(attributes),
    },
    startedAtMillis: Date.now() - process.uptime() * 1000,
    identity: undefined,
  };
  return startAgent({
    jvms: agentJvms(settings, logs),
    plan: planOf(settings, attributes, surroundings),
    isWanted: ({ identity: { name } }) =>
      include.some((pattern) => matchesPattern(name, pattern)) &&
      !exclude.some((pattern) => matchesPattern(name, pattern)),
    tickMillis: settings.tickMillis,
    discoveryMillis: settings.discoverySeconds * 1000,
    targets: settings.limits.targets,
    self,
    scrapeSeconds: () => scrapes.lastSeconds,
    log: logs.log,
  });
}

function planOf(
  settings: AgentSettings,
  attributes: Readonly<Record<string, string>>,
  { exporters, logs, recordings }: Surroundings,
): WatchPlan {
  const { pollSeconds, limits } = settings;
  const chosen = collectors.filter(({ name, enabledByDefault }) => settings.collectors[name] ?? enabledByDefault);
  return {
    collectors: chosen,
    derivations,
    exporters,
    pollMillis: pollSeconds * 1000,
    spreads: true,
    deadlineMillis: Math.max(1, Math.min(pollSeconds * 0.9, 2 * limits.requestSeconds)) * 1000,
    window: {
      pointsPerSeries: Math.min(720, Math.ceil((limits.windowMinutes * 60) / pollSeconds)),
      seriesPerMetric: 64,
      ageSeconds: limits.windowMinutes * 60,
    },
    exportedTargetOf({ identity }) {
      const service = serviceOf(settings, identity);
      return exportedTargetOf(identity, {
        serviceName: service?.name ?? attributes["service.name"],
        attributes: { ...withoutName(attributes), ...service?.attributes },
      });
    },
    accompany: recordings && ((jvm, live) => recordings.accompany(jvm, live)),
    polled({ live: { identity } }, runs) {
      for (const { collector, failure } of runs) {
        if (failure === undefined) continue;
        logs.log.warn({ pid: identity.pid, collector: collector.name, failure }, "a collector told nothing");
      }
    },
    failed({ live: { identity } }, error) {
      const stack = error instanceof Error ? error.stack : String(error);
      logs.log.error({ pid: identity.pid, error: stack }, "a poll failed; this is a bug in jprof");
    },
  };
}

function withoutName(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== "service.name"));
}

interface PageParts {
  readonly prometheus: PrometheusExporter;
  readonly scrapes: ScrapeTime;
  readonly discoverySeconds: number;
  readonly agentOf: () => Agent | undefined;
  readonly recordings: AgentRecordings | undefined;
}

function pagesOf({ prometheus, scrapes, discoverySeconds, agentOf, recordings }: PageParts) {
  const isAlive = () => (agentOf()?.idleSeconds() ?? 0) < 2 * discoverySeconds + hungSeconds;
  return {
    "/metrics": async (accept: string | undefined) => {
      const began = performance.now();
      const page = await prometheus.render(accept);
      scrapes.lastSeconds = (performance.now() - began) / 1000;
      return { status: 200, ...page };
    },
    "/targets": () => {
      const agent = agentOf();
      const body = JSON.stringify(
        agent === undefined ? { targets: [], unwatched: [] } : targetsReport(agent, Date.now()),
        undefined,
        2,
      );
      return { status: 200, contentType: "application/json; charset=utf-8", body };
    },
    "/healthz": () => (isAlive() ? textPage(200, "ok") : textPage(503, "has not looked for JVMs for too long")),
    "/readyz": () =>
      agentOf()?.isReady() ? textPage(200, "ready") : textPage(503, "the first poll has not ended yet"),
    "/profile": async (_accept: string | undefined, query: URLSearchParams) => {
      const { profilePage } = await import("./agent-profile.ts");
      const watched = agentOf()?.watched() ?? [];
      const jvms = watched.map((target) => ({ pid: target.live.identity.pid, name: target.live.identity.name }));
      return profilePage(query, { jvms, recordings });
    },
    "/": () => textPage(200, `${tool.name} ${tool.version}: /metrics /targets /profile /healthz /readyz`),
  };
}

function webConfigOf({ listen, web }: AgentSettings): WebConfig {
  return { ...hostAndPortOf(listen), tls: tlsOf(web), users: web.users };
}

function tlsOf({ certFile, keyFile, clientCaFile }: WebSettings): WebConfig["tls"] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw new UsageError("web.certFile and web.keyFile go together");
  const clientCa = clientCaFile === undefined ? undefined : readPem(clientCaFile);
  return { cert: readPem(certFile), key: readPem(keyFile), clientCa };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
