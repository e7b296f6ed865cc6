// Run as a process of its own: what a profile takes in memory and time is not the agent's.
import { gzipSync } from "node:zlib";
import { profileOverview } from "../../analyzers/profile-overview.ts";
import { readRecording } from "../formats/jfr/read-recording.ts";
import type { Profile, ProfileSet } from "../model/profile.ts";
import { openRepositoryPart } from "../recorders/repository-part.ts";
import { renderFlamePage } from "../reports/flame-graph.ts";
import { profileWriters } from "../reports/profile-writers/index.ts";
import { type ProfileJob, profileExits } from "./agent-profile-job.ts";
import { tool } from "./tool.ts";

const mostBytes = 256 * 1024 * 1024;

/** What is to be printed, or why there is nothing. */
interface Outcome {
  readonly code: number;
  readonly content: string | Uint8Array;
}

const { code, content } = outcomeOf(JSON.parse(process.argv[2]!) as ProfileJob);
(code === profileExits.done ? process.stdout : process.stderr).write(content);
process.exitCode = code;

function outcomeOf(job: ProfileJob): Outcome {
  const sinceMillis = Date.now() - job.seconds * 1000;
  const part = openRepositoryPart(job.repository, { sinceMillis, mostBytes });
  if (part === undefined) return { code: profileExits.nothing, content: "there is nothing in its recording yet" };
  const fromSeconds = Math.max(0, (sinceMillis - part.startMillis) / 1000);
  const { profiles: all } = readRecording(part.source, { tables: [], filter: { fromSeconds } });
  part.source.close();
  const found = all.profiles.filter(({ sampleStack }) => sampleStack.length > 0);
  const profiles = found.filter(
    ({ kind, event }) => (job.kind === "all" || kind === job.kind) && (job.event === undefined || event === job.event),
  );
  if (profiles.length > 0) return contentOf({ ...all, profiles }, job, part.isCut);
  const there = [...new Set(found.map(({ kind }) => kind))].join(", ") || "nothing at all";
  const why = `nothing of '${job.kind}' was recorded in the last ${job.seconds} s, but ${there}`;
  return { code: profileExits.nothing, content: why };
}

function contentOf(set: ProfileSet, job: ProfileJob, isCut: boolean): Outcome {
  const { format, title } = job;
  if (format === "html") {
    const cut = isCut ? ["only the newest 256 MiB of that time"] : [];
    const facts = [`the last ${job.seconds} s to ${new Date().toISOString()}`, ...cut];
    return done(renderFlamePage(set, { title, facts, madeBy: `${tool.name} ${tool.version}` }));
  }
  if (format === "json") {
    const { sections } = profileOverview.analyze({ profiles: set }, { top: 20, showValues: false });
    return done(`${JSON.stringify({ seconds: job.seconds, profiles: sections[0]?.data ?? [] }, undefined, 2)}\n`);
  }
  const writer = profileWriters.find(({ name }) => name === format)!;
  if (writer.holds === "one" && set.profiles.length > 1) {
    return { code: profileExits.several, content: severalText(set.profiles, format) };
  }
  const written = writer.write(set, { name: title, tool });
  return done(writer.compression === undefined ? written : gzipSync(written));
}

function severalText(profiles: readonly Profile[], format: string): string {
  const events = profiles.map(({ event }) => `&event=${event}`).join(", ");
  return `${format} holds one profile; choose one by its event: ${events}`;
}

function done(text: string | Uint8Array): Outcome {
  return { code: profileExits.done, content: text };
}
