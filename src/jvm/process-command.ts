import { basename, dirname } from "node:path";
import { splitArgumentFile, splitOptions } from "./argument-words.ts";
import { type JavaCommand, parseJavaCommand, parseJsvcCommand, parseToolCommand } from "./command-line.ts";
import { insideRoot } from "./inside-root.ts";
import { readBytes, readLink, readText } from "./proc-reads.ts";

/** How a JVM was started, as far as its process tells. */
export interface ProcessCommand {
  /** Main class, jar, module or source file; of an unknown launcher the name of its executable; undefined where nothing can be read. */
  readonly name: string | undefined;
  /** Flags of the JVM in the order in which it takes them, with whatever secrets they hold. */
  readonly flags: readonly string[];
}

const mostCommandBytes = 4 << 20;
const mostNameLength = 256;

/** Options that a JVM takes from its environment; the second one is the `java` launcher's. */
const optionVariables = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"] as const;
type OptionVariable = (typeof optionVariables)[number];

/** Reads how the process was started. `folder` is its /proc/PID, `home` the JVM's folder with `bin` in it, where that is known. */
export function readProcessCommand(folder: string, home: string | undefined): ProcessCommand {
  const words = commandWords(folder);
  const executable = readLink(`${folder}/exe`)?.replace(/ \(deleted\)$/, "");
  const program = executable ?? words[0] ?? "";
  const variables = optionsOfEnvironment(folder);
  const { flags, main } = parsedCommand(program, words.slice(1), { folder, home, variables });
  const all = [
    ...splitOptions(variables.JAVA_TOOL_OPTIONS ?? ""),
    ...flags,
    ...splitOptions(variables._JAVA_OPTIONS ?? ""),
  ];
  const name = main?.name || basename(program) || undefined;
  return { name: name?.slice(0, mostNameLength), flags: withOptionFiles(all, folder) };
}

/** The words of a command line; a process that wrote over it may have left one without NULs. */
export function commandWords(folder: string): readonly string[] {
  const text = readText(`${folder}/cmdline`, mostCommandBytes) ?? "";
  return text.replace(/\0+$/, "").split("\0");
}

interface Launch {
  readonly folder: string;
  readonly home: string | undefined;
  readonly variables: Readonly<Partial<Record<OptionVariable, string>>>;
}

function parsedCommand(program: string, args: readonly string[], launch: Launch): JavaCommand {
  const { folder, home, variables } = launch;
  const name = basename(program);
  if (name === "java" || name === "javaw") {
    const readArgumentFile = (path: string) => wordsOfFile(folder, path, splitArgumentFile);
    return parseJavaCommand([...splitOptions(variables.JDK_JAVA_OPTIONS ?? ""), ...args], readArgumentFile);
  }
  if (/^jsvc/.test(name)) return parseJsvcCommand(args);
  if (home !== undefined && dirname(program) === `${home}/bin`) return parseToolCommand(args);
  return { flags: [], main: undefined };
}

/** The JVM itself reads files with options, of which it names no further ones. */
function withOptionFiles(flags: readonly string[], folder: string): readonly string[] {
  const start = "-XX:VMOptionsFile=";
  return flags.flatMap((flag) =>
    flag.startsWith(start) ? [flag, ...(wordsOfFile(folder, flag.slice(start.length), splitOptions) ?? [])] : [flag],
  );
}

/** Words of a file that the process named, found from its working folder and inside its root. */
function wordsOfFile(
  folder: string,
  path: string,
  split: (text: string) => readonly string[],
): readonly string[] | undefined {
  const absolute = path.startsWith("/") ? path : `${readLink(`${folder}/cwd`) ?? ""}/${path}`;
  const text = readText(insideRoot(`${folder}/root`, absolute));
  return text === undefined ? undefined : split(text);
}

/** Takes the few variables that matter from the environment; the rest of it is not looked at, nor kept. */
function optionsOfEnvironment(folder: string): Launch["variables"] {
  const environment = readBytes(`${folder}/environ`);
  if (typeof environment === "string") return {};
  const found: Partial<Record<OptionVariable, string>> = {};
  for (const name of optionVariables) {
    const value = variableOf(environment, name);
    if (value !== undefined) found[name] = value;
  }
  environment.fill(0);
  return found;
}

function variableOf(environment: Buffer, name: string): string | undefined {
  const start = Buffer.from(`${name}=`);
  for (let at = environment.indexOf(start); at >= 0; at = environment.indexOf(start, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString("utf8", at + start.length, end < 0 ? environment.length : end);
  }
  return undefined;
}
