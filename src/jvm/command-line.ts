/** The program that a JVM was started to run, as people call it. */
export interface MainProgram {
  readonly kind: "class" | "jar" | "module" | "source";
  /** `kafka.Kafka`, `service.jar`, `Hello.java`; of a module its main class where it is given, else the module. */
  readonly name: string;
}

/** What a command line says to the JVM. */
export interface JavaCommand {
  /** Options for the JVM, those of two words joined with `=`; the launcher's own (class and module path) are left out. */
  readonly flags: readonly string[];
  /** Undefined where the command line does not tell, as of the JDK's own tools. */
  readonly main: MainProgram | undefined;
}

/** Reads the words of an `@file`; undefined where that cannot be read. */
export type ReadArgumentFile = (path: string) => readonly string[] | undefined;

/** Options of the launcher whose value may be the next word; the JVM never sees them. */
const launcherOptions = new Set(["-cp", "-classpath", "--class-path", "-p", "--module-path", "--source"]);

/** Options whose value is the main module; nothing after them is the launcher's. */
const mainOptions = new Set(["-m", "--module"]);

/** Options whose value may be the next word, and which the JVM is given with a `=`. */
const moduleOptions = new Set([
  "--upgrade-module-path",
  "--add-modules",
  "--limit-modules",
  "--add-exports",
  "--add-opens",
  "--add-reads",
  "--patch-module",
  "--enable-native-access",
]);

/** What only the launcher understands, and neither needs a value nor tells the JVM anything. */
const launcherFlags =
  /^(-jar|--disable-@files|--dry-run|-showversion|--show-version|--?show-module-resolution|-splash:.*)$/;

/** Parses the words after `java`, as the launcher does. What follows the main program is the program's own, and is not looked at. */
export function parseJavaCommand(args: readonly string[], readArgumentFile: ReadArgumentFile): JavaCommand {
  const words = [...expanded(args, readArgumentFile)];
  const flags: string[] = [];
  let isJar = false;
  let at = 0;
  while (at < words.length) {
    const word = words[at]!;
    if (!word.startsWith("-")) return { flags, main: mainOf(word, isJar) };
    const { name, value, wordCount } = optionAt(words, at);
    if (mainOptions.has(name)) return { flags, main: value === undefined ? undefined : moduleMain(value) };
    isJar ||= name === "-jar";
    if (moduleOptions.has(name)) flags.push(`${name}=${value ?? ""}`);
    else if (!launcherOptions.has(name) && !launcherFlags.test(name)) flags.push(word);
    at += wordCount;
  }
  return { flags, main: undefined };
}

interface Option {
  readonly name: string;
  readonly value: string | undefined;
  readonly wordCount: number;
}

function optionAt(words: readonly string[], at: number): Option {
  const word = words[at]!;
  const equals = word.startsWith("--") ? word.indexOf("=") : -1;
  if (equals >= 0) return { name: word.slice(0, equals), value: word.slice(equals + 1), wordCount: 1 };
  if (takesNextWord(word)) return { name: word, value: words[at + 1], wordCount: 2 };
  return { name: word, value: undefined, wordCount: 1 };
}

/** Words with those of argument files in their place, up to the main program; a file names no further ones. */
function* expanded(args: readonly string[], readArgumentFile: ReadArgumentFile): Generator<string> {
  let isValue = false;
  let isOver = false;
  for (const arg of args) {
    const words: readonly string[] = isOver ? [arg] : wordsOf(arg, readArgumentFile);
    for (const word of words) {
      yield word;
      isOver ||= word === "--disable-@files" || (!isValue && !word.startsWith("-"));
      isValue = takesNextWord(word);
    }
  }
}

function wordsOf(arg: string, readArgumentFile: ReadArgumentFile): readonly string[] {
  if (!arg.startsWith("@") || arg === "@") return [arg];
  return arg.startsWith("@@") ? [arg.slice(1)] : (readArgumentFile(arg.slice(1)) ?? []);
}

function takesNextWord(word: string): boolean {
  return launcherOptions.has(word) || moduleOptions.has(word) || mainOptions.has(word);
}

function mainOf(word: string, isJar: boolean): MainProgram {
  if (isJar) return { kind: "jar", name: baseName(word) };
  if (word.endsWith(".java")) return { kind: "source", name: baseName(word) };
  return { kind: "class", name: word.replaceAll("/", ".") };
}

/** `m/pkg.Main` → `pkg.Main`; `m` alone names the module. */
function moduleMain(value: string): MainProgram {
  const slash = value.indexOf("/");
  return { kind: "module", name: slash < 0 ? value : value.slice(slash + 1) };
}

/** Options of jsvc whose value is the next word. */
const jsvcOptions = new Set(
  "-jvm -cp -classpath -java-home -home -user -cwd -outfile -errfile -pidfile -wait -restarts -procname -umask".split(
    " ",
  ),
);
const jsvcFlags = /^-(debug|nodetach|keepstdin|check|stop|version|showversion|help|\?)$/;

/** Parses the words after `jsvc`, which runs a class as a daemon and hands the JVM what it does not know itself. */
export function parseJsvcCommand(args: readonly string[]): JavaCommand {
  const flags: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!word.startsWith("-")) return { flags, main: mainOf(word, false) };
    if (jsvcOptions.has(word)) at++;
    else if (moduleOptions.has(word)) flags.push(`${word}=${args[++at] ?? ""}`);
    else if (!jsvcFlags.test(word)) flags.push(word);
  }
  return { flags, main: undefined };
}

/** Flags that a tool of the JDK (`jshell -J-Xmx1g`) hands to its own JVM. */
export function parseToolCommand(args: readonly string[]): JavaCommand {
  return { flags: args.filter((word) => word.startsWith("-J-")).map((word) => word.slice(2)), main: undefined };
}

/**
 * The main program of `sun.rt.javaCommand`, the words with which the JVM was started: main class, jar or source file, then arguments. They
 * are joined with spaces, so a jar in a folder whose name has some can only be told by its absolute path.
 */
export function mainOfJavaCommand(command: string): MainProgram | undefined {
  const [first = "", second] = command.trim().split(" ");
  if (first === "") return undefined;
  if (/^jdk\.compiler\/com\.sun\.tools\.javac\.launcher\.\w+$/.test(first) && second !== undefined) {
    return { kind: "source", name: baseName(second) };
  }
  const jar = /^[./]/.test(first) ? /^.*?\.jar(?= |$)/.exec(command.trim())?.[0] : undefined;
  if (jar !== undefined || first.endsWith(".jar")) return { kind: "jar", name: baseName(jar ?? first) };
  return first.includes("/") ? moduleMain(first) : mainOf(first, false);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
