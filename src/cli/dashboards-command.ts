import { Command, Option } from "commander";
import { writeToStdout } from "./output.ts";

const examples = `
Examples:
  jprof dashboards --list                       what there is
  jprof dashboards -o monitoring                dashboards for Grafana, rules for Prometheus
  jprof dashboards -o monitoring --runbooks https://wiki.example/jprof/runbooks

The rules are written twice: jprof-alerts.yaml for Prometheus's rule_files, jprof-prometheus-rule.yaml for the Prometheus Operator.

Exit codes: 0 done, 2 wrong usage, 70 a bug in jprof`;

/** What commander hands over. */
export interface DashboardsOptions {
  readonly output: string;
  readonly list?: true;
  readonly runbooks?: string;
}

/** `jprof dashboards`: what Grafana and Prometheus need to show and tell what the agent exports. */
export function dashboardsCommand(): Command {
  return new Command("dashboards")
    .description("write the Grafana dashboards and Prometheus alert rules")
    .addOption(new Option("-o, --output <folder>", "where to write them; it is made if it is not there").default("."))
    .addOption(new Option("--list", "name them and what they show, and write nothing"))
    .addOption(new Option("--runbooks <url>", "where docs/runbooks can be read, for the links in panels and alerts"))
    .addHelpText("after", examples)
    .action(async (options: DashboardsOptions) => {
      const { runDashboards } = await import("./dashboards.ts");
      await writeToStdout(runDashboards(options));
    });
}
