import { openContent, openStdin } from "../formats/compressed/open-content.ts";
import { FormatError, TargetError, UsageError } from "../model/errors.ts";
import type { Profile, ProfileKind, ProfileSet } from "../model/profile.ts";
import { selectSamples } from "../stacks/select.ts";
import { readInput } from "./input.ts";
import { matchesPattern } from "./name-pattern.ts";
import { type ProfileFormat, profileFormats } from "./profile-formats.ts";
import type { ProgressLine } from "./progress.ts";

/** Which part of a file's profiles is wanted. */
export interface ProfileChoice {
  readonly kind: ProfileKind | undefined;
  /** Patterns with `*`. */
  readonly event: string | undefined;
  readonly state: string | undefined;
  readonly thread: string | undefined;
  readonly fromSeconds: number | undefined;
  readonly toSeconds: number | undefined;
}

/** The profiles of a file, and the name of its format. */
export interface ProfilesRead {
  readonly profiles: ProfileSet;
  readonly format: string;
}

/** Reads a file of any format that holds profiles, told by its content. Throws where nothing of it is what was asked for. */
export async function readProfiles(name: string, choice: ProfileChoice, line: ProgressLine): Promise<ProfilesRead> {
  const input = readInput(name);
  const found = profileFormats.find(({ format }) => format.sniff(input.head, input.name));
  if (found === undefined) throw notAProfile(name);
  const source = input.isStdin
    ? openStdin(input.rawHead, (bytes) => line.update("reading stdin", bytes, 0))
    : openContent(name, (bytes) => line.update("decompressing", bytes, 0));
  try {
    const all = await found.read(source, readerOptions(choice, line));
    return { format: found.format.name, profiles: chosen(name, all, choice, found) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`${name}: ${error.message}`, undefined, { cause: error });
  } finally {
    source.close();
  }
}

function readerOptions({ event, state }: ProfileChoice, line: ProgressLine) {
  return {
    ...(event !== undefined && { isEvent: (text: string) => matchesPattern(text, event) }),
    ...(state !== undefined && { isState: (text: string) => matchesPattern(text, state) }),
    progress: (done: number, total: number) => line.update("reading", done, total),
  };
}

function chosen(name: string, all: ProfileSet, choice: ProfileChoice, { format }: ProfileFormat): ProfileSet {
  if (choice.state !== undefined && format.name !== "jfr") {
    throw new UsageError(
      `--state needs a flight recording: ${name} (${format.name}) does not say in which state a thread was`,
    );
  }
  const profiles = all.profiles.filter(
    ({ kind, event }) =>
      (choice.kind === undefined || kind === choice.kind) &&
      (choice.event === undefined || matchesPattern(event, choice.event)),
  );
  if (profiles.length === 0) throw new TargetError(`${name} has no such profile; it has ${listOf(all.profiles)}`);
  return {
    ...all,
    ...windowOf(all, choice),
    profiles: profiles.map((profile) => selected(name, profile, all, choice)),
  };
}

/** Seconds of the recording that are left. */
function windowOf({ durationSeconds }: ProfileSet, { fromSeconds = 0, toSeconds }: ProfileChoice) {
  if (durationSeconds === undefined) return {};
  return { durationSeconds: Math.max(0, Math.min(durationSeconds, toSeconds ?? durationSeconds) - fromSeconds) };
}

function selected(name: string, profile: Profile, { threads }: ProfileSet, choice: ProfileChoice): Profile {
  const { thread, fromSeconds, toSeconds } = choice;
  if (thread !== undefined && profile.sampleThread === undefined) {
    throw new UsageError(
      `--thread needs samples with threads: ${name} has none for ${profile.kind} '${profile.event}'`,
    );
  }
  if ((fromSeconds ?? toSeconds) !== undefined && profile.sampleSeconds === undefined) {
    throw new UsageError(
      `--from and --to need samples with times: ${name} has none for ${profile.kind} '${profile.event}'`,
    );
  }
  return selectSamples(
    profile,
    {
      ...(fromSeconds !== undefined && { fromSeconds }),
      ...(toSeconds !== undefined && { toSeconds }),
      ...(thread !== undefined && {
        isThread: (seen) => matchesPattern(seen.name, thread) || matchesPattern(seen.pool, thread),
      }),
    },
    threads,
  );
}

function listOf(profiles: readonly Profile[]): string {
  if (profiles.length === 0) return "none";
  return profiles.map(({ kind, event }) => `${kind} '${event}'`).join(", ");
}

function notAProfile(name: string): TargetError {
  const known = profileFormats.map(({ format }) => format.description).join("; ");
  return new TargetError(`${name} holds no profile that jprof reads; it reads ${known}`);
}
