import { Argument, Command, Option } from "commander";
import type { ProcessConfig } from "./config.ts";
import type { RecordOptions } from "./record-options.ts";

const examples = `
Examples:
  jprof record 4711                              cpu, allocations, locks and I/O for 30 s
  jprof record 4711 --io --duration 60s          every read, write and fsync, however short
  jprof record 4711 --cpu -o before.jfr          then: jprof analyze before.jfr
  jprof record 4711 --native --async-profiler /opt/libasyncProfiler.so
  jprof record 4711 --heap                       a heap dump: the JVM stands still meanwhile
  jprof record 4711 --dry-run                    what would be sent to the JVM

Ctrl-C ends the recording and keeps what there is; once more, and nothing is kept. Settings of the JVM and files on its side are as before
in any case. Environment, system properties and other processes' command lines are not recorded.

Exit codes: 0 done, 2 wrong usage, 3 no such JVM, or it refuses, 70 a bug in jprof`;

/** `jprof record`: capture evidence of one JVM into a file. */
export function recordCommand(config: ProcessConfig, exit: (code: number) => void): Command {
  return new Command("record")
    .description("capture evidence of a JVM: where its time goes, allocations, locks, I/O, native memory, heap")
    .addArgument(
      new Argument("[pid]", "process id of the JVM, as jprof ps shows it; not needed where there is only one"),
    )
    .addOption(new Option("--cpu", "where processor time goes"))
    .addOption(new Option("--wall", "where time goes, waiting included (by async-profiler)"))
    .addOption(new Option("--alloc", "what is allocated, and where"))
    .addOption(new Option("--lock", "who waits for locks"))
    .addOption(new Option("--io", "every read, write and fsync of files and sockets"))
    .addOption(new Option("--exceptions", "every exception thrown"))
    .addOption(new Option("--gc", "collections and stops only"))
    .addOption(new Option("--native", "native memory by call site (by async-profiler)"))
    .addOption(new Option("--heap", "a heap dump"))
    .addOption(new Option("-d, --duration <time>", "how long: 30s, 5m").default("30s"))
    .addOption(new Option("-o, --output <file>", "where the result goes (default: a name with pid and time, here)"))
    .addOption(new Option("--max-size <size>", "the most that a recording may grow to").default("256MB"))
    .addOption(new Option("--reserve <size>", "what must stay free on every disk that is written to").default("1GB"))
    .addOption(new Option("--async-profiler <library>", "libasyncProfiler.so to load into the JVM, where it stays"))
    .addOption(
      new Option("--private", "also record environment, system properties and command lines of other processes"),
    )
    .addOption(new Option("--dry-run", "say what would be done, and do none of it"))
    .addHelpText("after", examples)
    .action(async (pid: string | undefined, options: RecordOptions) => {
      const [{ parseRecordOptions }, { runRecord }] = await Promise.all([
        import("./record-options.ts"),
        import("./record.ts"),
      ]);
      exit(await runRecord(parseRecordOptions(pid, options), config));
    });
}
