import type { NoAnswer } from "../../model/answer.ts";

/** Why a step on the way to an answer came to nothing. */
export interface Failure {
  readonly ok: false;
  readonly code: NoAnswer;
  readonly reason: string;
  /** Whether the JVM is better left alone for a while: false for what passes by itself, or costs the JVM nothing. */
  readonly suspends: boolean;
}

/** What a step on the way to an answer came to. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

/** A step that worked. */
export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** A step that did not work, and will not when it is tried again at once. */
export function failure(code: NoAnswer, reason: string): Failure {
  return { ok: false, code, reason, suspends: true };
}

/** A step that did not work, but may be tried again at any time. */
export function passingFailure(code: NoAnswer, reason: string): Failure {
  return { ok: false, code, reason, suspends: false };
}

/** The system's code of an error, such as `ENOENT`; empty where it has none. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
