import type { Answer } from "../src/model/answer.ts";
import type { MBeanRead, Target } from "../src/model/target.ts";

/** Reads MBeans and makes one thing of the answers, which are parallel to `reads`; an answer that is none is undefined to `make`. */
export async function readMBeans<T>(
  target: Target,
  reads: readonly MBeanRead[],
  make: (values: readonly unknown[]) => T | undefined,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const bulk = await target.mbeans(reads, signal);
  if (!bulk.ok) return bulk;
  const made = make(bulk.value.map((answer) => (answer.ok ? answer.value : undefined)));
  if (made !== undefined) return { ...bulk, value: made };
  const refusal = bulk.value.find((answer) => !answer.ok);
  const mbeans = reads.map(({ mbean }) => mbean).join(" and ");
  return refusal ?? { ok: false, code: "failed", reason: `the MBeans ${mbeans} do not tell it` };
}
