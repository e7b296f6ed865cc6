import { linesOf } from "./reply.ts";

/** What `VM.command_line` prints, as it stands: it may hold passwords. What is not told is undefined. */
export interface CommandLine {
  readonly jvmArguments: string | undefined;
  /** Flags of a `.hotspotrc` or of `-XX:Flags`. */
  readonly jvmFlags: string | undefined;
  /** Main class or jar, and the program's arguments. */
  readonly javaCommand: string | undefined;
  readonly classPath: string | undefined;
}

/** The reply to `VM.command_line`; the part `VM Arguments:` of `VM.info` reads the same. */
export function parseCommandLine(text: string): CommandLine {
  return commandLineOf(linesOf(text));
}

/** The same, of lines among others. */
export function commandLineOf(lines: readonly string[]): CommandLine {
  const textOf = (label: string) => {
    const line = lines.find((each) => each.startsWith(label));
    return line?.slice(label.length).trimEnd();
  };
  return {
    jvmArguments: textOf("jvm_args: "),
    jvmFlags: textOf("jvm_flags: "),
    javaCommand: textOf("java_command: "),
    classPath: textOf("java_class_path (initial): "),
  };
}
