import { Command, Option } from "commander";
import type { ProcessConfig } from "./config.ts";

const examples = `
Examples:
  jprof ps                            the JVMs here, and for each that cannot be seen: why
  jprof ps --format json              with start times, flags (redacted) and the exact numbers

HEAP is what was in use after the last collection; with ≤, what is in use now. GC PAUSE is the mean pause, and pauses a second, since the
JVM began. All numbers are read from files: no JVM is asked anything. What can be done about an obstacle: jprof doctor <pid>

Exit codes: 0 done, 2 wrong usage, 3 /proc cannot be read, 70 a bug in jprof`;

/** `jprof ps`: one look at every JVM here. The work is loaded when it runs. */
export function psCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("ps")
    .description("list the JVMs here, and for each that cannot be seen: why")
    .addOption(new Option("-f, --format <name>", "how to write the list").choices(["text", "json"]).default("text"))
    .addHelpText("after", examples)
    .action(async ({ format }: { readonly format: "text" | "json" }) => {
      const { runPs } = await import("./ps.ts");
      exit(await runPs({ format, procRoot: "/proc" }, config));
    });
}
