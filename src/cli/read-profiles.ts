import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { TargetError, UsageError } from "../model/errors.ts";
import type { Profile, ProfileKind, ProfileSet } from "../model/profile.ts";
import type { Progress } from "../model/progress.ts";
import { type Selection as SampleSelection, selectSamples } from "../stacks/select.ts";
import type { Input } from "./input.ts";
import { type ProfileFormat, profileFormats } from "./profile-formats.ts";
import { readRecordingFile } from "./recording-pipeline.ts";
import { eventTest, type Selection, secondsAfterStart, threadTest } from "./selection.ts";

/** Which of a file's profiles are wanted, and which part of them. */
export interface ProfileChoice {
  /** Undefined: of every kind. */
  readonly kind: ProfileKind | undefined;
  readonly selection: Selection;
}

/** The profiles of a file, and the name of its format. */
export interface ProfilesRead {
  readonly profiles: ProfileSet;
  readonly format: string;
}

/** Reads a file of any format that holds profiles, told by its content. Throws where nothing of it is what was asked for. */
export async function readProfiles(input: Input, choice: ProfileChoice, progress: Progress): Promise<ProfilesRead> {
  const found = profileFormats.find(({ format }) => format.sniff(input.head, input.name));
  if (found === undefined) throw notAProfile(input.name);
  const profiles =
    found.format.name === "jfr"
      ? readRecordingFile(input, { selection: choice.selection, progress }, { tables: [] }).profiles
      : await readWhole(input, found, progress);
  const wanted = ofKind(input.name, profiles, choice);
  const parts = found.format.name === "jfr" ? wanted : selectedParts(input.name, wanted, choice.selection, found);
  return { format: found.format.name, profiles: parts };
}

async function readWhole(input: Input, found: ProfileFormat, progress: Progress): Promise<ProfileSet> {
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => progress("reading stdin", bytes, 0))
    : openContent(input.name, (bytes) => progress("decompressing", bytes, 0));
  try {
    return await found.read(source);
  } finally {
    source.close();
  }
}

function ofKind(name: string, all: ProfileSet, { kind, selection }: ProfileChoice): ProfileSet {
  const isEvent = eventTest(selection);
  if (kind === undefined && isEvent === undefined) return all;
  const profiles = all.profiles.filter(
    (profile) => (kind ?? profile.kind) === profile.kind && (isEvent === undefined || isEvent(profile.event)),
  );
  if (profiles.length === 0) throw new TargetError(`${name} has no such profile; it has ${listOf(all.profiles)}`);
  return { ...all, profiles };
}

/** What a recording's reader does by itself, of formats that know less. */
function selectedParts(name: string, all: ProfileSet, selection: Selection, { format }: ProfileFormat): ProfileSet {
  if (selection.state !== undefined) {
    throw new UsageError(
      `--state needs a flight recording: ${name} (${format.name}) does not say in which state a thread was`,
    );
  }
  const window = windowOf(all, selection);
  const wanted = { ...window, isThread: threadTest(selection) };
  return {
    ...all,
    ...durationOf(all, window),
    profiles: all.profiles.map((profile) => selected(name, profile, all, wanted)),
  };
}

interface Window {
  readonly fromSeconds: number | undefined;
  readonly toSeconds: number | undefined;
}

function windowOf({ startMillis }: ProfileSet, { from, to }: Selection): Window {
  if (startMillis === undefined && [from, to].some((point) => point !== undefined && point.kind !== "offset")) {
    throw new UsageError(
      "the file does not say when it began: give --from and --to as times after its start (30s, 2m)",
    );
  }
  return {
    fromSeconds: from && secondsAfterStart(from, startMillis ?? 0),
    toSeconds: to && secondsAfterStart(to, startMillis ?? 0),
  };
}

/** Seconds of the recording that are left. */
function durationOf({ durationSeconds }: ProfileSet, { fromSeconds = 0, toSeconds }: Window) {
  if (durationSeconds === undefined) return {};
  return { durationSeconds: Math.max(0, Math.min(durationSeconds, toSeconds ?? durationSeconds) - fromSeconds) };
}

type Wanted = Window & { readonly isThread: SampleSelection["isThread"] | undefined };

function selected(name: string, profile: Profile, { threads }: ProfileSet, wanted: Wanted): Profile {
  const { isThread, fromSeconds, toSeconds } = wanted;
  if (isThread !== undefined && profile.sampleThread === undefined) {
    throw new UsageError(
      `--thread needs samples with threads: ${name} has none for ${profile.kind} '${profile.event}'`,
    );
  }
  if ((fromSeconds ?? toSeconds) !== undefined && profile.sampleSeconds === undefined) {
    throw new UsageError(
      `--from and --to need samples with times: ${name} has none for ${profile.kind} '${profile.event}'`,
    );
  }
  const selection = {
    ...(fromSeconds !== undefined && { fromSeconds }),
    ...(toSeconds !== undefined && { toSeconds }),
    ...(isThread !== undefined && { isThread }),
  };
  return selectSamples(profile, selection, threads);
}

function listOf(profiles: readonly Profile[]): string {
  if (profiles.length === 0) return "none";
  return profiles.map(({ kind, event }) => `${kind} '${event}'`).join(", ");
}

function notAProfile(name: string): TargetError {
  const known = profileFormats.map(({ format }) => format.description).join("; ");
  return new TargetError(`${name} holds no profile that jprof reads; it reads ${known}`);
}
