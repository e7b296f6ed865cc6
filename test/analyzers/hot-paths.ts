import { allocation } from "../../analyzers/allocation.ts";
import { bigAllocations } from "../../analyzers/big-allocations.ts";
import { eventLoops } from "../../analyzers/event-loops.ts";
import { exceptions } from "../../analyzers/exceptions.ts";
import { hotMethods } from "../../analyzers/hot-methods.ts";
import { io } from "../../analyzers/io.ts";
import { locks } from "../../analyzers/locks.ts";
import { pinnedThreads } from "../../analyzers/pinned-threads.ts";
import { poolSaturation } from "../../analyzers/pool-saturation.ts";
import { profileOverview } from "../../analyzers/profile-overview.ts";
import { timeline } from "../../analyzers/timeline.ts";
import type { Finding } from "../../src/model/finding.ts";
import { severities } from "../../src/model/finding.ts";
import type { ProfileSet } from "../../src/model/profile.ts";
import type { RecordingEvidence } from "../../src/model/recording.ts";
import type { Section } from "../../src/model/section.ts";

const analyzers = [
  timeline,
  hotMethods,
  exceptions,
  allocation,
  bigAllocations,
  locks,
  io,
  eventLoops,
  pinnedThreads,
  poolSaturation,
  profileOverview,
];

/** What all analyzers of hot paths say of a recording, best first as a report has them. */
export function judge(evidence: { readonly recording: RecordingEvidence; readonly profiles: ProfileSet }): {
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
} {
  const analyses = analyzers.map(({ analyze }) => analyze(evidence, { top: 10, showValues: false }));
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  return {
    findings: analyses
      .flatMap(({ findings }) => findings)
      .sort((a, b) => rank(b) - rank(a) || b.score - a.score || (a.key < b.key ? -1 : 1)),
    sections: analyses.flatMap(({ sections }) => sections),
  };
}

/** Rules of the findings that are no mere information. */
export function accusations(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule);
}
