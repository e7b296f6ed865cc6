import type { Finding, FindingEvidence, Severity } from "../src/model/finding.ts";
import type { Unit } from "../src/model/units.ts";

/** From which value on something is worth a finding of each severity; what is absent is never reached. */
export interface Limits {
  readonly info?: number;
  readonly warning?: number;
  readonly critical?: number;
}

/** Severity and score of a value that is worse the bigger it is; undefined below every limit, and of what is no number. */
export function judge(value: number, limits: Limits): Pick<Finding, "severity" | "score"> | undefined {
  if (!Number.isFinite(value)) return undefined;
  const levels: readonly (readonly [Severity, number | undefined, number])[] = [
    ["critical", limits.critical, 75],
    ["warning", limits.warning, 50],
    ["info", limits.info, 25],
  ];
  const reached = levels.find(([, limit]) => limit !== undefined && value >= limit);
  if (reached === undefined) return undefined;
  const [severity, limit = 0, base] = reached;
  // Each doubling beyond the limit is worth 8 points, up to the next severity's.
  const above = limit > 0 ? Math.log2(value / limit) * 8 : 24;
  return { severity, score: Math.round(Math.min(base + 24, base + above)) };
}

/** The same judgement, but never above a severity: for what a recording hints at and does not prove. */
export function atMost<T extends Pick<Finding, "severity" | "score">>(severity: Severity, judged: T): T {
  const order: readonly Severity[] = ["info", "warning", "critical"];
  if (order.indexOf(judged.severity) <= order.indexOf(severity)) return judged;
  return { ...judged, severity, score: severity === "info" ? 45 : 70 };
}

/** One number that supports a finding. */
export function fact(label: string, value: number | string, unit: Unit | "text", source: string): FindingEvidence {
  return { label, value, unit, source };
}

/** A finding whose page is that of its rule's family; facts that the recording has no number for are left out. */
export function findingOf(finding: Omit<Finding, "docs" | "key"> & { readonly key?: string }): Finding {
  return {
    key: finding.rule,
    ...finding,
    impact: { ...finding.impact, value: Number.isFinite(finding.impact.value) ? finding.impact.value : 0 },
    evidence: finding.evidence.filter(({ value }) => typeof value === "string" || Number.isFinite(value)),
    docs: `rules/${finding.rule.split("/")[0]}.md`,
  };
}
