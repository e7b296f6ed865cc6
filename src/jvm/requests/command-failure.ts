import { type Failure, failure, passingFailure } from "../attach/outcome.ts";

/** What is wrong with a command that the JVM did not run to its end, from what it printed. */
export function commandFailure(name: string, printed: string, status: number): Failure {
  const message = printed.trimEnd().split("\n").at(-1)?.trim().slice(0, 500) ?? "";
  if (message.includes("Unknown diagnostic command")) {
    return passingFailure("absent", `this JVM has no command ${name}`);
  }
  const isMessage = status !== 0 || /^[\w.$]+(?:Exception|Error)(?::|$)/.test(message);
  if (isMessage) return passingFailure("failed", `${name} failed in the JVM: ${message}`);
  return failure("failed", `the reply to ${name} broke off after ${printed.length} characters`);
}
