import type { Policy } from "../model/policy.ts";

/** Everything that `jprof agent` can be told, with defaults for what was not. The schema in `agent-schema.ts` says what each means. */
export interface AgentSettings {
  /** The file that they were read from; undefined: none. */
  readonly configFile?: string | undefined;
  readonly listen: string;
  readonly policy: Policy;
  readonly pollSeconds: number;
  readonly discoverySeconds: number;
  readonly tickMillis: number;
  readonly naming: "otel" | "micrometer" | "jmx_exporter";
  readonly jvms: {
    readonly include: readonly string[];
    readonly exclude: readonly string[];
    /** Undefined: `/tmp` where jprof is in a PID namespace of its own. */
    readonly tmpFolders?: readonly string[] | undefined;
  };
  readonly services: readonly ServiceSettings[];
  readonly collectors: Readonly<Record<string, boolean>>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly web: WebSettings;
  readonly prometheus: { readonly resourceLabels: readonly string[]; readonly scopeLabels: boolean };
  readonly otlp: { readonly enabled: boolean | "auto" };
  readonly recording: RecordingSettings;
  readonly limits: LimitSettings;
  readonly log: { readonly level: "debug" | "info" | "warn" | "error"; readonly auditFile: string | undefined };
}

/** What differs for the JVMs whose main class or jar matches; of several entries the first counts. */
export interface ServiceSettings {
  readonly match: string;
  readonly name?: string | undefined;
  readonly policy?: Policy | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  readonly jolokia?: JolokiaSettings | undefined;
  readonly recording?: PartOf<RecordingSettings> | undefined;
}

type PartOf<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Whether JVMs are recorded on and on, and what that may cost them. */
export interface RecordingSettings {
  readonly enabled: boolean;
  readonly questions: readonly ("cpu" | "alloc" | "lock" | "io")[];
  readonly maxDiskMegabytes: number;
  readonly maxAgeMinutes: number;
  /** Of one core. */
  readonly maxCpuShare: number;
}

export interface JolokiaSettings {
  readonly url: string;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly insecure?: boolean | undefined;
}

export interface WebSettings {
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly clientCaFile?: string | undefined;
  readonly users: Readonly<Record<string, string>>;
}

export interface LimitSettings {
  readonly targets: number;
  readonly seriesPerTarget: number;
  readonly seriesPerMetric: number;
  readonly windowMinutes: number;
  readonly requestsPerMinute: number;
  readonly requestSeconds: number;
  readonly replyMegabytes: number;
  readonly maxStopMillis: number;
  readonly stopMillisPerHour: number;
}

/** The agent without a word of configuration: it watches every JVM, stops none, and tells this machine alone. */
export const defaultAgentSettings: AgentSettings = {
  listen: "127.0.0.1:9464",
  policy: "observe",
  pollSeconds: 10,
  discoverySeconds: 5,
  tickMillis: 50,
  naming: "otel",
  jvms: { include: ["*"], exclude: [] },
  services: [],
  collectors: {},
  attributes: {},
  web: { users: {} },
  prometheus: { resourceLabels: [], scopeLabels: false },
  otlp: { enabled: "auto" },
  recording: {
    enabled: false,
    questions: ["cpu", "alloc", "lock", "io"],
    maxDiskMegabytes: 100,
    maxAgeMinutes: 10,
    maxCpuShare: 0.05,
  },
  limits: {
    targets: 50,
    seriesPerTarget: 2_000,
    seriesPerMetric: 500,
    windowMinutes: 60,
    requestsPerMinute: 60,
    requestSeconds: 5,
    replyMegabytes: 64,
    maxStopMillis: 500,
    stopMillisPerHour: 10_000,
  },
  log: { level: "info", auditFile: undefined },
};
