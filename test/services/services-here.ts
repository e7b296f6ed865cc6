import { type ArtifactName, hasArtifacts } from "../../scripts/services/artifacts.ts";

/** Whether tests with these real services are wanted (`JPROF_SERVICES=1`) and possible; `why` not is part of a skipped test's name. */
export function servicesHere(...names: readonly ArtifactName[]): { readonly runs: boolean; readonly why: string } {
  if (process.env.JPROF_SERVICES !== "1") return { runs: false, why: " (skipped: JPROF_SERVICES is not 1)" };
  const missing = names.filter((name) => !hasArtifacts(name));
  if (missing.length === 0) return { runs: true, why: "" };
  return { runs: false, why: ` (skipped: node scripts/services.ts fetch ${missing.join(" ")})` };
}
