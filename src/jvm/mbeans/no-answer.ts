import type { Answer } from "../../model/answer.ts";

/** An answer that is none, with its reason. */
export type Refusal = Extract<Answer<never>, { ok: false }>;

export function refusal(code: Refusal["code"], reason: string): Refusal {
  return { ok: false, code, reason };
}
