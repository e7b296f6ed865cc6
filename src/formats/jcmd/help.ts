import type { Impact } from "../../model/policy.ts";
import { linesOf } from "./reply.ts";

/** A diagnostic command as the JVM describes it. The list of `help` tells names only, that of `help -all` descriptions too. */
export interface DiagnosticCommand {
  /** `GC.heap_info` */
  readonly name: string;
  readonly description: string | undefined;
  /** The level that comes first; undefined where the JVM does not tell, or in a word that is not known. */
  readonly impact: Impact | undefined;
  /** All that it says of the impact: `High: Depends on Java heap size and content.` */
  readonly impactText: string | undefined;
  /** Whether the JVM lists it, but refuses to run it. */
  readonly isDisabled: boolean;
}

/** What `help`, `help -all`, `help <command>`, or several of the latter one after another, print; in the order of the text. */
export function parseHelp(text: string): readonly DiagnosticCommand[] {
  const commands: { -readonly [field in keyof DiagnosticCommand]: DiagnosticCommand[field] }[] = [];
  let isAfterName = false;
  for (const line of linesOf(text)) {
    const current = commands.at(-1);
    const name = nameOf(line);
    if (name !== undefined) {
      commands.push(commandOf(name, line.endsWith(disabledMark)));
    } else if (current !== undefined && isAfterName && line.trim() !== "") {
      current.description = line.trim();
    } else if (current !== undefined && line.startsWith(impactMark)) {
      current.impactText = line.slice(impactMark.length).trim();
      current.impact = impactOf(current.impactText);
    }
    isAfterName = name !== undefined;
  }
  return commands;
}

const disabledMark = " [disabled]";
const impactMark = "Impact:";

/** A line that is a command's name and nothing else; `help` and a vendor's one-word commands have no dot. */
function nameOf(line: string): string | undefined {
  if (line.length > 200) return undefined;
  return /^(?:[A-Za-z]\w*(?:\.[\w-]+)+|help)(?= \[disabled\]$|$)/.exec(line)?.[0];
}

function commandOf(name: string, isDisabled: boolean): DiagnosticCommand {
  return { name, description: undefined, impact: undefined, impactText: undefined, isDisabled };
}

function impactOf(text: string): Impact | undefined {
  const level = /^\w+/.exec(text)?.[0].toLowerCase();
  return level === "low" || level === "medium" || level === "high" ? level : undefined;
}
