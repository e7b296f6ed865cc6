import type { Unit } from "./units.ts";

/** From least to most severe. */
export const severities = ["info", "warning", "critical"] as const;
export type Severity = (typeof severities)[number];

/** One number that supports a finding, with where it comes from (a section, a file and offset, a formula). */
export interface FindingEvidence {
  readonly label: string;
  readonly value: number | string;
  readonly unit: Unit | "text";
  readonly source: string;
}

/** One thing worth telling a person. `key` is the same in the next run on another dump of the same service: it never holds an address. */
export interface Finding {
  /** Rule id such as `heap/leak-suspect`. */
  readonly rule: string;
  readonly key: string;
  readonly severity: Severity;
  /** 0–100; findings are shown by severity, then score, then key. */
  readonly score: number;
  /** The number and the name: “`HashMap` in `Leaky.CACHE` retains 1.19 GiB, 87 % of the heap”. */
  readonly title: string;
  readonly impact: { readonly value: number; readonly unit: Unit };
  readonly evidence: readonly FindingEvidence[];
  /** One thing to do. */
  readonly advice: string;
  /** Path of the rule's page below `docs/`. */
  readonly docs: string;
}
