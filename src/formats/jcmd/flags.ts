import { expectReplyOf, linesOf } from "./reply.ts";

/** One flag of the JVM. Values may hold what a user wants kept secret. */
export interface JvmFlag {
  readonly name: string;
  /** As text: `true`, `67108864`; lines of a list are joined by a line feed. */
  readonly value: string;
  /** `bool`, `size_t`; only with `-all`. */
  readonly type: string | undefined;
  /** `product`, `manageable`, `C2 product`; only with `-all`. */
  readonly kind: string | undefined;
  /** Who set it: `default`, `command line`, `ergonomic`, `management`; only with `-all`, since JDK 9. */
  readonly origin: string | undefined;
}

/**
 * The reply to `VM.flags` (the flags that are not at their default, in one line) and `VM.flags -all` (all of them, one a line), JDK 8 to 25.
 * The former does not quote values, so one that itself holds ` -XX:+Name` is read as two flags.
 */
export function parseFlags(text: string): readonly JvmFlag[] {
  const lines = linesOf(text);
  expectReplyOf("VM.flags", lines);
  return lines.some((line) => line.startsWith("[Global flags]")) ? tableOf(lines) : lines.flatMap(flagsOf);
}

/** `-XX:CICompilerCount=2 -XX:+UseG1GC ` */
function flagsOf(line: string): readonly JvmFlag[] {
  return line
    .split(/(?<=^| )-XX:(?=[+-]?[A-Z])/)
    .slice(1)
    .flatMap((word) => flagOf(word.trimEnd()) ?? []);
}

function flagOf(text: string): JvmFlag | undefined {
  const rest = { type: undefined, kind: undefined, origin: undefined };
  if (/^[+-]/.test(text)) return { name: text.slice(1), value: String(text.startsWith("+")), ...rest };
  const equals = text.indexOf("=");
  return equals < 0 ? undefined : { name: text.slice(0, equals), value: text.slice(equals + 1), ...rest };
}

function tableOf(lines: readonly string[]): readonly JvmFlag[] {
  const flags: JvmFlag[] = [];
  for (const line of lines) {
    const flag = rowOf(line);
    const last = flags.at(-1);
    if (flag?.type === undefined && flag?.name === last?.name && flag && last) {
      flags[flags.length - 1] = { ...flag, type: last.type, value: `${last.value}\n${flag.value}` };
    } else if (flag) {
      flags.push(flag);
    }
  }
  return flags;
}

/** `     bool UseG1GC   = true   {product} {ergonomic}`; `:=` marks what was set (JDK 8), `+=` a further line of a list, without a type. */
function rowOf(line: string): JvmFlag | undefined {
  const row = /^ *(?:(\w+) +)?(\w+) +[:+]?= ?/.exec(line);
  if (!row) return undefined;
  const [kind, origin, value] = bracesOf(line.slice(row[0].length).trimEnd());
  return { name: row[2]!, value, type: row[1], kind, origin };
}

const kinds = /\b(?:product|manageable|experimental|diagnostic|develop|notproduct|rw|commercial|logging)\b/;

/** Takes `{product}` or `{product} {default}` off the end. */
function bracesOf(text: string): readonly [kind: string | undefined, origin: string | undefined, value: string] {
  const last = lastBraces(text);
  if (!last) return [undefined, undefined, text];
  const before = lastBraces(last.before);
  if (before && kinds.test(before.inside)) return [before.inside, last.inside, before.before];
  return [last.inside, undefined, last.before];
}

function lastBraces(text: string): { readonly inside: string; readonly before: string } | undefined {
  const start = text.endsWith("}") ? text.lastIndexOf("{") : -1;
  if (start < 0) return undefined;
  return { inside: text.slice(start + 1, -1).trim(), before: text.slice(0, start).trimEnd() };
}
