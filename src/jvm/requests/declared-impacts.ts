import { parseHelp } from "../../formats/jcmd/help.ts";
import type { Impact } from "../../model/policy.ts";
import { type CommandRule, ruleByImpact } from "./command-rules.ts";
import type { ParsedCommand } from "./parsed-command.ts";

/** What one JVM declares of the commands that the table does not know. */
export class DeclaredImpacts {
  readonly #impacts = new Map<string, Impact | undefined>();

  ruleOf(command: ParsedCommand): CommandRule | undefined {
    return this.#impacts.has(command.name) ? ruleByImpact(command, this.#impacts.get(command.name)) : undefined;
  }

  /** Takes in what `help <command>` printed. */
  learn(command: ParsedCommand, help: string): CommandRule {
    const impact = parseHelp(help).find(({ name }) => name === command.name)?.impact;
    if (this.#impacts.size < mostCommands) this.#impacts.set(command.name, impact);
    return ruleByImpact(command, impact);
  }
}

const mostCommands = 200;
