import { UsageError } from "../model/errors.ts";
import { policies } from "../model/policy.ts";
import type { AgentSettings } from "./agent-settings.ts";

/** The options of `jprof agent` as commander hands them over. */
export interface AgentOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly policy?: string;
  readonly poll?: string;
  readonly naming?: string;
  readonly enable?: string;
  readonly disable?: string;
  readonly printConfig?: string;
}

/** Settings of the file, or the defaults, with what the command line says on top. */
export function applyOptions(
  settings: AgentSettings,
  options: AgentOptions,
  collectorNames: readonly string[],
): AgentSettings {
  const { listen, poll, policy, naming } = options;
  const result = {
    ...settings,
    ...(options.config === undefined ? {} : { configFile: options.config }),
    ...(listen === undefined ? {} : { listen: parseListen(listen) }),
    ...(poll === undefined ? {} : { pollSeconds: parsePoll(poll) }),
    policy: policies.find((name) => name === policy) ?? settings.policy,
    naming: (["otel", "micrometer", "jmx_exporter"] as const).find((name) => name === naming) ?? settings.naming,
    collectors: {
      ...settings.collectors,
      ...Object.fromEntries(namesOf(options.enable).map((name) => [name, true])),
      ...Object.fromEntries(namesOf(options.disable).map((name) => [name, false])),
    },
  };
  const unknown = Object.keys(result.collectors).find((name) => !collectorNames.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no collector '${unknown}'; there are ${[...collectorNames].sort().join(", ")}`);
  }
  return result;
}

/** The two parts of `HOST:PORT`. */
export function hostAndPortOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(listen.slice(colon + 1)) };
}

function parseListen(text: string): string {
  const { host, port } = hostAndPortOf(text);
  if (host === "" || !/:\d{1,5}$/.test(text) || port > 65_535) {
    throw new UsageError(`--listen takes HOST:PORT such as 127.0.0.1:9464, got '${text}'`);
  }
  return text;
}

function parsePoll(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < 1 || seconds > 3600) {
    throw new UsageError(`--poll takes seconds from 1 to 3600, got '${text}'`);
  }
  return seconds;
}

function namesOf(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
