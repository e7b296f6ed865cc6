import { Argument, Command, Option } from "commander";
import { policies } from "../../model/policy.ts";
import type { ProcessConfig } from "../config.ts";
import type { TopOptions } from "./top.ts";

const examples = `
Examples:
  jprof top 4711               until q or Ctrl-C
  jprof top                    where there is only one JVM
  jprof top 4711 --once        one picture, as text, and end
  jprof top 4711 --policy diagnose    also thread states and deadlocks, which stop the JVM for milliseconds

Exit codes: 0 done, 2 wrong usage, 3 no such JVM or it cannot be seen, 70 a bug in jprof`;

/** `jprof top`: one JVM, live. */
export function topCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("top")
    .description("show one JVM, live: heap, pauses, native memory, container, and what looks wrong")
    .addArgument(new Argument("[pid]", "process id of the JVM, as jprof ps shows it"))
    .addOption(new Option("--every <seconds>", "seconds between two pictures").default("2"))
    .addOption(new Option("--once", "print one picture and end; so too where the output is no terminal"))
    .addOption(new Option("--policy <policy>", "what jprof may do to the JVM").choices(policies).default("observe"))
    .addHelpText("after", examples)
    .action(async (pid: string | undefined, options: TopOptions) => {
      const { runTop } = await import("./top.ts");
      exit(await runTop(pid, options, config));
    });
}
