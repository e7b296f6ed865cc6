import type { AnalysisOptions, Analyzer, Evidence } from "../model/analyzer.ts";
import { type Finding, severities } from "../model/finding.ts";
import type { Section } from "../model/section.ts";

/** What all analyzers together have to say about one input. */
export interface Analyses {
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
}

/** Asks every analyzer whose evidence is there; findings best first, sections in the analyzers' order. */
export function analyzeEvidence(
  evidence: Partial<Evidence>,
  analyzers: readonly Analyzer[],
  options: AnalysisOptions,
): Analyses {
  const analyses = analyzers
    .filter(({ needs }) => needs.every((kind) => evidence[kind] !== undefined))
    .map((analyzer) =>
      // The filter has just seen that everything it needs is there.
      analyzer.analyze(evidence as Evidence, options),
    );
  return {
    findings: analyses.flatMap(({ findings }) => findings).sort(byUrgency),
    sections: analyses.flatMap(({ sections }) => sections),
  };
}

function byUrgency(a: Finding, b: Finding): number {
  const severity = severities.indexOf(b.severity) - severities.indexOf(a.severity);
  return severity || b.score - a.score || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
