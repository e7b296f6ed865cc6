import type { Source } from "./metric.ts";

/** What a question to a JVM or its host came to. That there is no answer is a value too, with the reason for a person. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly source: Source; readonly takenAtMillis: number }
  | { readonly ok: false; readonly reason: string; readonly code: NoAnswer };

/**
 * Why there is no answer: the tier does not exist here (`absent`), jprof's policy or budget forbids asking (`forbidden`), the operating
 * system does (`denied`), it did not come in time (`timeout`), or what came cannot be used (`failed`).
 */
export type NoAnswer = "absent" | "forbidden" | "denied" | "timeout" | "failed";
