import { Command, Option } from "commander";
import { policies } from "../model/policy.ts";
import type { AgentOptions } from "./agent-options.ts";
import type { ProcessConfig } from "./config.ts";

const examples = `
Examples:
  jprof agent                                 watch every JVM here; metrics on http://127.0.0.1:9464/metrics
  jprof agent --config jprof.yaml             as the file says; it is read again when it changes, and on SIGHUP
  jprof agent --listen 0.0.0.0:9464           for a Prometheus on another machine: use TLS and a password
  OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 jprof agent
  jprof agent --policy diagnose --enable class-histogram
  jprof agent --print-config                  what it would do, as YAML

Exit codes: 0 stopped by SIGINT or SIGTERM, 2 wrong usage or configuration, 3 cannot listen, 70 a bug in jprof`;

/** `jprof agent`: the sidecar. Everything it needs is loaded when it runs. */
export function agentCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("agent")
    .description("watch JVMs, and export metrics to Prometheus and by OTLP")
    .addOption(
      new Option("-c, --config <file>", "configuration, YAML or JSON; every option is in docs/agent-config.md"),
    )
    .addOption(new Option("--listen <host:port>", "where to serve /metrics, /targets, /profile, /healthz and /readyz"))
    .addOption(new Option("--policy <policy>", "what jprof may do to a JVM").choices(policies))
    .addOption(new Option("--poll <seconds>", "seconds between two polls of a JVM"))
    .addOption(
      new Option("--naming <names>", "names of the metrics under /metrics").choices([
        "otel",
        "micrometer",
        "jmx_exporter",
      ]),
    )
    .addOption(new Option("--enable <collectors>", "switch collectors on, with commas between them"))
    .addOption(new Option("--disable <collectors>", "switch collectors off"))
    .addOption(
      new Option("--print-config [format]", "print the settings in force, and end")
        .choices(["yaml", "json"])
        .preset("yaml"),
    )
    .addHelpText("after", examples)
    .action(async (options: AgentOptions) => {
      const { runAgent } = await import("./agent.ts");
      exit(await runAgent(options, config));
    });
}
