import type { CommanderError } from "commander";
import { FormatError, TargetError, UsageError } from "../model/errors.ts";

/** What jprof's exit tells a script. */
export const exitCodes = { done: 0, finding: 1, usage: 2, unreadable: 3, bug: 70 } as const;

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof UsageError) return exitCodes.usage;
  return isExpected(error) ? exitCodes.unreadable : exitCodes.bug;
}

/** One line for a person: what, where, what to do. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error)) {
    return `not enough memory (${message}): free some, give the container more, or use --include histogram`;
  }
  if (isCommanderError(error) || error instanceof UsageError || isExpected(error)) return message;
  return `${message || "unknown error"}; this is a bug in jprof: please report it with what --debug adds`;
}

/** Something about the input or the machine, and not about jprof. */
export function isExpected(error: unknown): boolean {
  return error instanceof FormatError || error instanceof TargetError || isOutOfMemory(error) || isSystemError(error);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|could not allocate/i.test(error.message);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

/** Told by its code, since commander is not loaded where no command line is read. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}
