import { Command, CommanderError } from "commander";
import { agentCommand } from "./agent-command.ts";
import { analyzeCommand } from "./analyze-command.ts";
import { completionCommand } from "./completion-command.ts";
import type { ProcessConfig } from "./config.ts";
import { dashboardsCommand } from "./dashboards-command.ts";
import { diffCommand } from "./diff-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { exitCodeOf, exitCodes, messageOf } from "./exit-codes.ts";
import { exportCommand } from "./export-command.ts";
import { isClosedPipe, reasonOf } from "./output.ts";
import { psCommand } from "./ps-command.ts";
import { queryCommand } from "./query/query-command.ts";
import { recordCommand } from "./record-command.ts";
import { tool } from "./tool.ts";
import { topCommand } from "./top/top-command.ts";

/** Runs the command that the arguments name; the result is the exit code. */
export async function runProgram(config: ProcessConfig): Promise<number> {
  process.stdout.on("error", endUnlessClosed);
  // A stderr that is closed or full must not change the exit code.
  process.stderr.on("error", () => undefined);
  let code: number = exitCodes.done;
  const program = buildProgram(config, (exitCode) => {
    code = exitCode;
  });
  try {
    if (config.args.length === 0) program.outputHelp();
    else await program.parseAsync(config.args, { from: "user" });
    return code;
  } catch (error) {
    report(error, config.args.includes("--debug"));
    return exitCodeOf(error);
  }
}

/** Every command; `exit` takes the exit code of the one that ran. */
function buildProgram(config: ProcessConfig, exit: (code: number) => void): Command {
  const program = new Command(tool.name)
    .description("What is wrong with this JVM, how do you know, and what do I change?")
    .version(tool.version, "-V, --version", "print the version")
    .option("--debug", "show the stack of an error")
    .helpCommand(false)
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => config.width });
  const commands = [
    analyzeCommand(config, exit),
    psCommand(config, exit),
    doctorCommand(config, exit),
    topCommand(config, exit),
    recordCommand(config, exit),
    queryCommand(config, exit),
    exportCommand(config, exit),
    diffCommand(config, exit),
    agentCommand(config, exit),
    dashboardsCommand(),
    completionCommand(() => program),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

/** The reader of a pipe went away, as `head` does: nothing is wrong, and the exit code is still to be told. */
function endUnlessClosed(error: NodeJS.ErrnoException): void {
  if (isClosedPipe(error)) return;
  process.stderr.write(`${tool.name}: cannot write to stdout: ${reasonOf(error)}\n`);
  process.exit(exitCodes.usage);
}

function report(error: unknown, withStack: boolean): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  process.stderr.write(
    `${tool.name}: ${error instanceof CommanderError ? usageMessage(error) : oneLine(messageOf(error))}\n`,
  );
  if (withStack && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
}

function usageMessage(error: CommanderError): string {
  if (error.code === "commander.help") return "no command given; see jprof --help";
  return `${oneLine(error.message.replace(/^error: /, "")).replace(/\.$/, "")}; see jprof --help`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
