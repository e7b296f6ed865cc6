import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";

/** One series of an instant query's answer. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly value: string;
}

/** A real Prometheus that a test started on 127.0.0.1; it and its data are gone after `stop`. */
export interface RunningPrometheus {
  readonly url: string;
  /** Of a scalar or vector; an error of Prometheus is thrown as it says it. */
  query(expression: string): Promise<readonly QueryResult[]>;
  alerts(): Promise<readonly ActiveAlert[]>;
  /** Rules that it could not evaluate, with its words. */
  failedRules(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface PrometheusStart {
  /** Addresses of metrics: `http://127.0.0.1:9464/metrics`. */
  readonly scrape: string | readonly string[];
  /** The text of a rule file. */
  readonly rules?: string;
  readonly intervals?: { readonly scrapeSeconds: number; readonly evaluationSeconds: number };
}

const readyMillis = 30_000;

/** Where a program of Prometheus is on this machine; undefined, with a printed reason, where it is not. */
export function findProgram(name: "prometheus" | "promtool"): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  process.stderr.write(`skipped: no ${name} on this machine (Debian has it in the package prometheus)\n`);
  return undefined;
}

/** Starts Prometheus and waits until it answers; the caller must `stop` it. */
export async function startPrometheus(program: string, start: PrometheusStart): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "jprof-prometheus-"));
  const port = await freePort();
  writeFileSync(join(folder, "prometheus.yml"), configOf(start));
  if (start.rules !== undefined) writeFileSync(join(folder, "rules.yaml"), start.rules);
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ];
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, GOMAXPROCS: "1" } });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log = (log + String(chunk)).slice(-20_000);
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopChild(child, folder);
  try {
    await waitUntilReady(child, url);
  } catch (error) {
    await stop();
    throw new Error(`prometheus did not start: ${log}`, { cause: error });
  }
  return {
    url,
    query: (expression) => query(url, expression),
    alerts: async () => (await api<{ alerts: ActiveAlert[] }>(url, "/api/v1/alerts")).alerts,
    failedRules: () => failedRules(url),
    stop,
  };
}

function configOf({ scrape, rules, intervals }: PrometheusStart): string {
  const { scrapeSeconds, evaluationSeconds } = intervals ?? { scrapeSeconds: 1, evaluationSeconds: 1 };
  const urls = (typeof scrape === "string" ? [scrape] : scrape).map((address) => new URL(address));
  return stringify({
    global: {
      scrape_interval: `${scrapeSeconds}s`,
      scrape_timeout: `${scrapeSeconds}s`,
      evaluation_interval: `${evaluationSeconds}s`,
    },
    ...(rules === undefined ? {} : { rule_files: ["rules.yaml"] }),
    scrape_configs: urls.map(({ host, pathname }, index) => ({
      job_name: index === 0 ? "jprof" : `jprof-${index}`,
      metrics_path: pathname,
      static_configs: [{ targets: [host] }],
    })),
  });
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<void> {
  const end = Date.now() + readyMillis;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it has exited");
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await sleep(100);
  }
  throw new Error(`not ready after ${readyMillis} ms`);
}

async function query(url: string, expression: string): Promise<readonly QueryResult[]> {
  const body = new URLSearchParams({ query: expression });
  const data = await api<{
    readonly resultType: string;
    readonly result:
      | readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[]
      | [number, string];
  }>(url, "/api/v1/query", { method: "POST", body });
  if (data.resultType === "scalar") return [{ metric: {}, value: Number(data.result[1]) }];
  const series = data.result as readonly {
    readonly metric: Record<string, string>;
    readonly value: [number, string];
  }[];
  return series.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function failedRules(url: string): Promise<readonly string[]> {
  const { groups } = await api<{
    groups: { rules: { name: string; health: string; lastError?: string }[] }[];
  }>(url, "/api/v1/rules");
  return groups.flatMap(({ rules }) =>
    rules.filter(({ health }) => health === "err").map(({ name, lastError }) => `${name}: ${lastError}`),
  );
}

async function api<T>(url: string, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${url}${path}`, init);
  const answer = (await response.json()) as { readonly status: string; readonly error?: string; readonly data: T };
  if (answer.status !== "success") throw new Error(answer.error ?? `${path}: ${response.status}`);
  return answer.data;
}

async function stopChild(child: ChildProcess, folder: string): Promise<void> {
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const exited = new Promise<void>((resolve) => (hasExited() ? resolve() : child.once("exit", () => resolve())));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(killer);
  rmSync(folder, { recursive: true, force: true });
}

/** One that nothing listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
