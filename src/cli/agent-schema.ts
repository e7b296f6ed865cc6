import { z } from "zod";
import { policies } from "../model/policy.ts";
import { defaultAgentSettings as defaults } from "./agent-settings.ts";

const text = z.string().min(1);
const seconds = z.number().min(1).max(86_400);
const count = z.int().min(1).max(1_000_000);
const file = text.describe("Path of a file; relative ones are found from where the agent was started.");
const attributes = z.record(text, z.string());

const jolokia = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe("Where its Jolokia agent answers: `http://127.0.0.1:8778/jolokia`."),
    user: text.optional().describe("For basic authentication."),
    passwordFile: file.optional().describe("File with the password of `user`."),
    tokenFile: file.optional().describe("File with a bearer token."),
    caFile: file.optional().describe("PEM file with the authorities to trust."),
    certFile: file.optional().describe("PEM file with a client certificate."),
    keyFile: file.optional().describe("PEM file with its key."),
    insecure: z.boolean().optional().describe("Do not check the server's certificate."),
  })
  .describe("How to reach the MBeans of these JVMs. One that was started with Jolokia's agent is found without it.");

const recording = z
  .strictObject({
    enabled: z
      .boolean()
      .optional()
      .describe(
        "Let the JVM's own flight recorder go on and on, and read along from outside. Needs the policy `diagnose`, and JDK 17 or later.",
      ),
    questions: z
      .array(z.enum(["cpu", "alloc", "lock", "io"]))
      .min(1)
      .optional()
      .describe("What is to be recorded; all unless some are named."),
    maxDiskMegabytes: z
      .int()
      .min(20)
      .max(10_000)
      .optional()
      .describe("Most that the recording takes on the JVM's disk; older parts are dropped."),
    maxAgeMinutes: z
      .number()
      .min(1)
      .max(1440)
      .optional()
      .describe(
        "How far back `/profile` can look. When jprof is killed, the JVM's recording ends by itself after one and a half times that.",
      ),
    maxCpuShare: z
      .number()
      .min(0.001)
      .max(1)
      .optional()
      .describe(
        "Share of a core that the JVM's recording threads may take over a minute. Beyond it the recording is ended, and tried again later, more coarsely.",
      ),
  })
  .describe("Continuous flight recordings, by which hot paths become metrics, and `/profile` has something to show.");

const service = z.strictObject({
  match: text.describe("Pattern for the main class or jar; `*` stands for anything."),
  name: text.optional().describe("`service.name` of these JVMs; otherwise the short name of the class or jar."),
  policy: z.enum(policies).optional().describe("Policy for these JVMs in place of the general one."),
  attributes: attributes.optional().describe("More resource attributes of these JVMs."),
  jolokia: jolokia.optional(),
  recording: recording.optional(),
});

const web = z.strictObject({
  certFile: file
    .optional()
    .describe("PEM file with the certificate of the endpoint; with it, the endpoint speaks TLS."),
  keyFile: file.optional().describe("PEM file with its key."),
  clientCaFile: file.optional().describe("PEM file: clients need a certificate by one of these authorities."),
  users: z
    .record(text, z.string().regex(/^[0-9a-f]{64}$/, "expected the SHA-256 of a password, 64 hex digits"))
    .optional()
    .describe(
      "Who may ask, by basic authentication: the user's name and the SHA-256 of the password in hex (`printf %s PASSWORD | sha256sum`). `/healthz` and `/readyz` stay open.",
    ),
});

const limits = z.strictObject({
  targets: count.optional().describe("Most JVMs to watch at one time; those that began first are watched."),
  seriesPerTarget: count.optional().describe("Most series of one JVM that are exported."),
  seriesPerMetric: count
    .optional()
    .describe("Most series of one metric of one JVM; the others are summed up as `other`."),
  windowMinutes: z.number().min(1).max(1440).optional().describe("How far back trends look."),
  requestsPerMinute: count.optional().describe("Most requests over attach to one JVM in a minute."),
  requestSeconds: seconds.optional().describe("How long one request over attach or to Jolokia may take."),
  replyMegabytes: count.optional().describe("Longest reply that is kept; more of it is read and thrown away."),
  maxStopMillis: count
    .optional()
    .describe("Under `diagnose`: a command that would stop a JVM longer than this, by prediction, is not sent."),
  stopMillisPerHour: count
    .optional()
    .describe("Under `diagnose`: what all commands together may stop one JVM for in an hour."),
});

/** The configuration file of `jprof agent`. Everything is optional. */
export const agentSchema = z.strictObject({
  listen: text
    .regex(/^(\[[0-9a-fA-F:.%\w]+\]|[^:\s]+):\d{1,5}$/, "expected HOST:PORT such as 127.0.0.1:9464")
    .optional()
    .describe("Where `/metrics`, `/targets`, `/profile`, `/healthz` and `/readyz` are served."),
  policy: z
    .enum(policies)
    .optional()
    .describe(
      "What jprof may do to a JVM. `observe`: nothing that stops its threads. `diagnose`: also commands that stop them for a while, within the limits. `intrude`: also collections, dumps, agents and changed flags.",
    ),
  pollSeconds: z.number().min(1).max(3600).optional().describe("Seconds between two polls of a JVM."),
  discoverySeconds: z.number().min(1).max(3600).optional().describe("Seconds between two looks for JVMs."),
  tickMillis: z
    .int()
    .min(10)
    .max(10_000)
    .optional()
    .describe("Milliseconds between two looks at the perf counters, by which each collection is seen."),
  naming: z
    .enum(["otel", "micrometer", "jmx_exporter"])
    .optional()
    .describe("Names of the metrics under `/metrics`: OpenTelemetry's, or those that existing dashboards expect."),
  jvms: z
    .strictObject({
      include: z.array(text).optional().describe("Patterns for the main class or jar of JVMs to watch."),
      exclude: z.array(text).optional().describe("Patterns for those not to watch."),
      tmpFolders: z
        .array(file)
        .optional()
        .describe(
          "Folders that are the `/tmp` of JVMs in other PID namespaces, to find these by their sockets and counters alone: such as a volume of the pod. Unless given, `/tmp` where jprof is in a PID namespace of its own.",
        ),
    })
    .optional(),
  services: z
    .array(service)
    .optional()
    .describe("What differs from service to service; of several entries that match, the first counts."),
  collectors: z.record(text, z.boolean()).optional().describe("Collectors to switch on or off, by name."),
  attributes: attributes
    .optional()
    .describe("Resource attributes of every JVM, beside those of `OTEL_RESOURCE_ATTRIBUTES`."),
  web: web.optional(),
  prometheus: z
    .strictObject({
      resourceLabels: z
        .array(text)
        .optional()
        .describe("Resource attributes to put on every series, beside `service_name` and `process_pid`."),
      scopeLabels: z.boolean().optional().describe("Put `otel_scope_name` and `otel_scope_version` on every series."),
    })
    .optional(),
  otlp: z
    .strictObject({
      enabled: z
        .union([z.boolean(), z.literal("auto")])
        .optional()
        .describe(
          "Push by OTLP. `auto`: when an `OTEL_EXPORTER_OTLP_…ENDPOINT` is set or `OTEL_METRICS_EXPORTER` is `otlp`.",
        ),
    })
    .optional()
    .describe("Where and how is said by the `OTEL_*` variables."),
  recording: recording.optional(),
  limits: limits.optional(),
  log: z
    .strictObject({
      level: z
        .enum(["debug", "info", "warn", "error"])
        .optional()
        .describe("Least severity to log; the log is JSON lines on stderr."),
      auditFile: file
        .optional()
        .describe("Write the line that each request to a JVM leaves there, and not into the log."),
    })
    .optional(),
});
export type AgentFile = z.infer<typeof agentSchema>;

/** What holds where the file says nothing, by path, for the documentation. */
export function defaultOf(path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
    defaults,
  );
}
