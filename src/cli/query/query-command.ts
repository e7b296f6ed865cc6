import { Argument, Command, Option } from "commander";
import type { ProcessConfig } from "../config.ts";
import type { QueryOptions } from "./query-options.ts";

const examples = `
Examples:
  jprof query x.jfr                                        event types and how many of each
  jprof query x.jfr jdk.FileRead                           the longest events, all fields
  jprof query x.jfr jdk.FileRead --by path --percentiles   one line per path: count, total, p50, p90, p99, max
  jprof query x.jfr jdk.FileWrite --by path --of bytesWritten
  jprof query x.jfr jdk.JavaMonitorEnter --by monitorClass,eventThread --format csv
  jprof query x.jfr jdk.SocketRead --where host=db1 --where 'duration>0.1'

Times are seconds, of events since the recording's start; sizes are bytes. --by stackTrace groups by the frame at the top.

Exit codes: 0 done, 2 wrong usage, 3 input unreadable, 70 a bug in jprof`;

/** `jprof query`: any event of a recording as a table. */
export function queryCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("query")
    .description("show events of a flight recording as a table, grouped or one by one")
    .addArgument(new Argument("<recording>", "a .jfr file"))
    .addArgument(new Argument("[event]", "type of event, such as jdk.FileRead; without it, the types are listed"))
    .addOption(new Option("--by <fields>", "group by these fields, with commas between them"))
    .addOption(new Option("--of <field>", "the number to sum up (default: duration, or else the events are counted)"))
    .addOption(new Option("--percentiles", "p50, p90 and p99 of that number, too"))
    .addOption(
      new Option("--where <condition>", "only events with field=text, field~pattern, field>number or field<number")
        .argParser((value: string, others: readonly string[]) => [...others, value])
        .default([], "all"),
    )
    .addOption(new Option("--top <n>", "rows to show; 0 shows all").default("30"))
    .addOption(new Option("-f, --format <name>", "how to write it").choices(["table", "csv", "json"]).default("table"))
    .addOption(new Option("-o, --output <file>", "write it to a file"))
    .addHelpText("after", examples)
    .action(async (recording: string, event: string | undefined, options: QueryOptions) => {
      const [{ parseQueryOptions }, { runQuery }] = await Promise.all([
        import("./query-options.ts"),
        import("./query.ts"),
      ]);
      exit(await runQuery(parseQueryOptions(recording, event, options), config));
    });
}
