import { severityOf } from "./suspect-judgement.ts";
import type { SuspectReport } from "./suspect-report.ts";
import { namedClassOf } from "./suspect-wording.ts";

/** Suspects of one class that each hang on the same field, frame or thread-local, as those of the threads of a pool do, are one. */
export function mergeAlike(reports: readonly SuspectReport[]): SuspectReport[] {
  const single = reports.filter(({ suspect }) => suspect.kind === "single");
  const groups = [...Map.groupBy(single, sameOf).values()];
  return [...groups.map(merge), ...reports.filter(({ suspect }) => suspect.kind !== "single")];
}

function sameOf(report: SuspectReport): string {
  return `${report.shape}:${report.holder?.kind}:${report.holder?.name}:${namedClassOf(report)}`;
}

function merge(reports: readonly SuspectReport[]): SuspectReport {
  const first = reports[0]!;
  if (reports.length === 1) return first;
  const sum = (value: (report: SuspectReport) => number) => reports.reduce((total, each) => total + value(each), 0);
  const retainedBytes = sum((each) => each.retainedBytes);
  const share = sum((each) => each.share);
  const count = sum((each) => each.entries?.count ?? 0);
  const entryBytes = sum((each) => (each.entries?.count ?? 0) * (each.entries?.eachBytes ?? 0));
  const { contents } = first;
  const facts = {
    ...first.facts,
    retainedBytes,
    share,
    contents: contents.entries === undefined ? contents : { ...contents, entries: { ...contents.entries, count } },
  };
  return {
    ...first,
    alike: reports.length,
    retainedBytes,
    share,
    facts,
    severity: severityOf(first.shape, facts),
    entries: first.entries && { ...first.entries, count, eachBytes: Math.round(entryBytes / Math.max(1, count)) },
  };
}
