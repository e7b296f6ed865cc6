import { Argument, Command, Option } from "commander";
import type { ProcessConfig } from "./config.ts";
import { exportFormats } from "./export-formats.ts";
import type { ExportOptions } from "./export-options.ts";
import { addProfileChoice } from "./profile-choice-options.ts";

const examples = `
Examples:
  jprof export app.jfr --format html -o flame.html           flame graphs, one page, no network needed
  jprof export app.jfr --format collapsed --kind cpu         for flamegraph.pl, on stdout
  jprof export app.jfr --format pprof -o app.pb.gz           for go tool pprof
  jprof export app.jfr --format speedscope --kind alloc --thread 'kafka-request-handler-*' -o alloc.speedscope.json
  jprof export app.collapsed --format html --inverted -o callers.html

Exit codes: 0 done, 2 wrong usage, 3 input unreadable, 70 a bug in jprof`;

/** `jprof export`: a profile in the format of another tool. The pipeline is loaded when it runs. */
export function exportCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  const command = new Command("export")
    .description(
      "write profiles for other tools: collapsed stacks, pprof, speedscope, Firefox Profiler, OTLP, flame graphs",
    )
    .addArgument(
      new Argument(
        "<profile>",
        "a recording (.jfr), collapsed stacks, pprof, speedscope, perf script and more; - is stdin",
      ),
    )
    .addOption(new Option("-f, --format <name>", "what to write").choices(exportFormats).makeOptionMandatory())
    .addOption(new Option("-o, --output <file>", "write to a file"))
    .addOption(new Option("--inverted", "turn stacks upside down: who calls the hot frames"));
  return addProfileChoice(command)
    .addHelpText("after", examples)
    .action(async (file: string, options: ExportOptions) => {
      const [{ parseExportOptions }, { runExport }] = await Promise.all([
        import("./export-options.ts"),
        import("./export.ts"),
      ]);
      exit(await runExport(parseExportOptions(file, options), config));
    });
}
