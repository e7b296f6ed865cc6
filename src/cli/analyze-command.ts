import { Argument, Command, Option } from "commander";
import { severities } from "../model/finding.ts";
import { type AnalyzeOptions, type ProcessConfig, parseAnalyzeOptions } from "./config.ts";
import { addSelection } from "./profile-choice-options.ts";
import { sectionNames } from "./section-names.ts";

const examples = `
Examples:
  jprof analyze heap.hprof                          what holds the memory, through which fields
  jprof analyze heap.hprof.gz --format md -o heap.md
  jprof analyze heap.hprof --include threads,jvm    these sections in full
  jprof analyze heap.hprof --include histogram      one scan: classes only, the fastest
  zcat heap.hprof.gz | jprof analyze - --include histogram
  jprof analyze heap.hprof --fail-on critical       exit code 1 when something is that bad
  jprof analyze app.jfr                             where the time goes: methods, locks, I/O, collections
  jprof analyze app.jfr --from 12:03:10 --to 12:03:20 --thread 'http-*'
  jprof analyze app.jfr --format html -o app.html   with flame graphs, one page without a network
  jprof analyze gc.log --goal pause=200ms,lease=10s    collections, whatever the collector; rotated files together
  jprof analyze je.*.heap                           native memory by call site, and what grows
  jprof analyze dump1.txt dump2.txt dump3.txt       thread dumps: deadlocks, who blocks whom, what does not move

Exit codes: 0 done, 1 a finding at or above --fail-on, 2 wrong usage, 3 input unreadable, 70 a bug in jprof`;

/** `jprof analyze`: any evidence, sniffed by content. The pipeline is loaded when it runs. */
export function analyzeCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  const command = new Command("analyze")
    .description(
      "tell what is wrong, from heap dumps, flight recordings, profiles, thread dumps, collection logs and native memory (also .gz and .zst)",
    )
    .addArgument(
      new Argument("<file...>", "what to read; - is stdin, whole up to 512 MiB, any size with --include histogram"),
    )
    .addOption(
      new Option("-f, --format <name>", "how to write the report")
        .choices(["text", "json", "md", "html"])
        .default("text"),
    )
    .addOption(new Option("-o, --output <file>", "write the report to a file"))
    .addOption(new Option("--fail-on <severity>", "exit with 1 on such a finding or a worse one").choices(severities))
    .addOption(new Option("--top <n>", "rows per table, in text and Markdown").default("10"))
    .addOption(sectionsOption())
    .addOption(
      new Option("--sizes <how>", "sizes of objects: learned from the dump, or Eclipse MAT's formula")
        .choices(["gaps", "mat"])
        .default("gaps"),
    )
    .addOption(
      new Option("--refs <which>", "references that hold objects: strong ones, or all as Eclipse MAT counts them")
        .choices(["strong", "mat"])
        .default("strong"),
    )
    .addOption(new Option("--dump <n>", "which dump, where a file holds several (default: the last)"))
    .addOption(new Option("--show-values", "show contents of strings, properties and thread names"))
    .addOption(
      new Option("--goal <goals>", "collection logs: what to keep to, such as pause=200ms,throughput=99%,lease=10s"),
    )
    .addOption(new Option("--threads <n>", "threads to work with (default: one per processor)"));
  return addSelection(command)
    .addHelpText("after", examples)
    .action(async (files: string[], options: AnalyzeOptions) => {
      const analyzeConfig = parseAnalyzeOptions(files, options);
      const { runAnalyze } = await import("./analyze.ts");
      exit(await runAnalyze(analyzeConfig, config));
    });
}

/** Its choices are for help and completion; several are given with commas, so `parseAnalyzeOptions` checks them. */
function sectionsOption(): Option {
  const option = new Option("--include <sections>", "show these sections, with commas between them");
  option.argChoices = [...sectionNames];
  return option;
}
