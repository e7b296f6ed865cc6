import { Argument, Command, Option } from "commander";
import { normalizations } from "../stacks/difference.ts";
import type { ProcessConfig } from "./config.ts";
import { type DiffOptions, diffFormats, parseDiffOptions } from "./diff-options.ts";
import { addProfileChoice } from "./profile-choice-options.ts";

const examples = `
Examples:
  jprof diff before.jfr after.jfr                            what became slower, and how sure that is
  jprof diff before.jfr after.jfr --kind cpu --normalize time
  jprof diff before.jfr after.jfr --fail-on 'regression>5%'  exit code 1 when a frame costs 5 % of the whole more
  jprof diff before.jfr after.jfr --format html -o diff.html

Normalised by:
  samples   shares of the whole: CPU and wall-clock profiles unless told otherwise, since load differs from run to run
  time      cost per second: all other kinds, where both files say how long they are; for runs under the same load
  cpu       cost per second of processor time: how much of something one unit of work takes

Exit codes: 0 done, 1 a regression beyond --fail-on, 2 wrong usage, 3 input unreadable, 70 a bug in jprof`;

/** `jprof diff`: two profiles of one kind compared. The pipeline is loaded when it runs. */
export function diffCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  const command = new Command("diff")
    .description(
      "compare two profiles frame by frame: what became slower or faster, with the chance of sampling in account",
    )
    .addArgument(new Argument("<before>", "a recording or profile of any format that export reads; - is stdin"))
    .addArgument(new Argument("<after>", "another one"))
    .addOption(new Option("-f, --format <name>", "how to write it").choices(diffFormats).default("text"))
    .addOption(new Option("-o, --output <file>", "write to a file"))
    .addOption(new Option("--normalize <by>", "what makes the two comparable").choices(normalizations))
    .addOption(new Option("--fail-on <limit>", "exit with 1 on a regression of more than this: regression>5%"))
    .addOption(new Option("--top <n>", "frames to show").default("10"));
  return addProfileChoice(command)
    .addHelpText("after", examples)
    .action(async (before: string, after: string, options: DiffOptions) => {
      const diffConfig = parseDiffOptions(before, after, options);
      const { runDiff } = await import("./diff.ts");
      exit(await runDiff(diffConfig, config));
    });
}
