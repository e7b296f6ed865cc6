import { Argument, Command, Option } from "commander";
import { UsageError } from "../model/errors.ts";
import type { ProcessConfig } from "./config.ts";

const examples = `
Examples:
  jprof doctor              what jprof can see here, and what hides the rest
  jprof doctor 4711         can it see, read, attach to and record this JVM? if not, what to change
  jprof doctor 4711 --ask   ask it for its version, too: the proof that attach works
  jprof doctor --format json

Without --ask nothing is sent to a JVM: all is told from files. With it, a JVM that has no attach listener yet starts one.

Exit codes: 0 done, 2 wrong usage, 3 the JVM that was asked for is out of reach, or is none, 70 a bug in jprof`;

interface DoctorOptions {
  readonly format: "text" | "json";
  readonly ask?: true;
}

/** `jprof doctor`: why a JVM cannot be seen. The work is loaded when it runs. */
export function doctorCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("doctor")
    .description("tell whether jprof can see, attach to and record a JVM, and if not, what to change")
    .addArgument(new Argument("[pid]", "the JVM to look at (default: all of them)"))
    .addOption(new Option("-f, --format <name>", "how to write the result").choices(["text", "json"]).default("text"))
    .addOption(new Option("--ask", "also ask each JVM for its version, by attach"))
    .addHelpText("after", examples)
    .action(async (pid: string | undefined, { format, ask }: DoctorOptions) => {
      const doctorConfig = {
        pid: pid === undefined ? undefined : parsePid(pid),
        format,
        asks: ask === true,
        procRoot: "/proc",
      };
      const { runDoctor } = await import("./doctor.ts");
      exit(await runDoctor(doctorConfig, config));
    });
}

function parsePid(text: string): number {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || pid < 1 || pid > 0x7fff_ffff) {
    throw new UsageError(`doctor takes the number of a process, got '${text}'; jprof ps lists the JVMs`);
  }
  return pid;
}
