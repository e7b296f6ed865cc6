import type { Answer } from "../../model/answer.ts";
import { type Failure, passingFailure } from "../attach/outcome.ts";
import type { CommandRule } from "./command-rules.ts";
import type { ParsedCommand } from "./parsed-command.ts";

/** A command that waits for its turn, and all who want its answer. */
export interface PendingCommand {
  readonly command: ParsedCommand;
  /** Undefined where the JVM must be asked first what it is. */
  readonly rule: CommandRule | undefined;
  readonly waiters: Set<Waiter>;
}

interface Waiter {
  answer(answer: Answer<string>): void;
  fail(error: unknown): void;
}

/** The commands that wait for their turn, oldest first; one that is asked for twice waits once. */
export class PendingCommands {
  #waiting: PendingCommand[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** The answer comes when the command's turn has come, or at once when the signal is raised. */
  add(command: ParsedCommand, rule: CommandRule | undefined, signal: AbortSignal): Promise<Answer<string>> {
    const pending = this.#waiting.find((each) => each.command.text === command.text) ?? this.#push(command, rule);
    return new Promise((resolve, reject) => {
      const leave = () =>
        settle(() => resolve(refusalOf(passingFailure("timeout", "no answer within the caller's time"))));
      const settle = (end: () => void) => {
        signal.removeEventListener("abort", leave);
        pending.waiters.delete(waiter);
        end();
      };
      const waiter: Waiter = {
        answer: (answer) => settle(() => resolve(answer)),
        fail: (error) => settle(() => reject(error)),
      };
      pending.waiters.add(waiter);
      signal.addEventListener("abort", leave, { once: true });
      if (signal.aborted) leave();
    });
  }

  #push(command: ParsedCommand, rule: CommandRule | undefined): PendingCommand {
    const pending = { command, rule, waiters: new Set<Waiter>() };
    this.#waiting.push(pending);
    return pending;
  }

  /**
   * What to send next: all that stop nothing, as far as they fit into one text, or one other command. Commands that nobody
   * waits for any more are dropped.
   */
  take(longestText: number): readonly PendingCommand[] {
    this.#waiting = this.#waiting.filter((each) => each.waiters.size > 0);
    const [first] = this.#waiting;
    if (first === undefined) return [];
    let bytes = markBytes;
    const turn = isHarmless(first) ? this.#waiting.filter((each) => isHarmless(each) && fits(each)) : [first];
    const taken = turn.length === 0 ? [first] : turn;
    this.#waiting = this.#waiting.filter((each) => !taken.includes(each));
    return taken;

    function fits({ command }: PendingCommand): boolean {
      bytes += Buffer.byteLength(command.text) + markBytes;
      return bytes <= longestText;
    }
  }

  takeAll(): readonly PendingCommand[] {
    return this.#waiting.splice(0);
  }

  /** For their next turn, before all others. */
  putBack(commands: readonly PendingCommand[]): void {
    this.#waiting.unshift(...commands);
  }
}

/** What stands between two commands: a line that begins with `help`, and a name. */
const markBytes = 64;

function isHarmless({ rule }: PendingCommand): boolean {
  return rule?.stop === "none";
}

/** Gives everybody who waits for the command its answer. */
export function settle({ waiters }: PendingCommand, answer: Answer<string>): void {
  for (const waiter of [...waiters]) waiter.answer(answer);
}

/** Passes an error on to everybody who waits for the command. */
export function settleWithError({ waiters }: PendingCommand, error: unknown): void {
  for (const waiter of [...waiters]) waiter.fail(error);
}

/** A failure, as an answer. */
export function refusalOf({ code, reason }: Failure): Answer<never> {
  return { ok: false, code, reason };
}
