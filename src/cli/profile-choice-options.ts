import type { Command } from "commander";
import { Option } from "commander";
import { UsageError } from "../model/errors.ts";
import { profileKinds } from "../model/profile.ts";
import type { ProfileChoice } from "./read-profiles.ts";

/** The options that choose among profiles and samples, as commander hands them over. */
export interface ProfileChoiceOptions {
  readonly kind?: string;
  readonly event?: string;
  readonly state?: string;
  readonly thread?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Adds the options that choose among profiles and samples. */
export function addProfileChoice(command: Command): Command {
  return command
    .addOption(new Option("--kind <kind>", "profiles of this kind alone").choices(profileKinds))
    .addOption(new Option("--event <name>", "profiles of this event alone; * stands for anything"))
    .addOption(new Option("--thread <name>", "samples of these threads or pools; * stands for anything"))
    .addOption(new Option("--state <name>", "samples in this thread state, of a flight recording"))
    .addOption(new Option("--from <time>", "samples from this time of the recording on: 90, 90s, 1.5m"))
    .addOption(new Option("--to <time>", "samples before this time of the recording"));
}

/** Checks what chooses among profiles and samples. */
export function parseProfileChoice(options: ProfileChoiceOptions): ProfileChoice {
  const fromSeconds = options.from === undefined ? undefined : parseSeconds("--from", options.from);
  const toSeconds = options.to === undefined ? undefined : parseSeconds("--to", options.to);
  if (fromSeconds !== undefined && toSeconds !== undefined && fromSeconds >= toSeconds) {
    throw new UsageError(`--from must be before --to, got ${options.from} and ${options.to}`);
  }
  return {
    kind: profileKinds.find((kind) => kind === options.kind),
    event: options.event,
    state: options.state,
    thread: options.thread,
    fromSeconds,
    toSeconds,
  };
}

const secondsOf: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 };

function parseSeconds(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)?$/.exec(text.trim());
  if (!match) throw new UsageError(`${option} takes a time such as 90, 90s or 1.5m, got '${text}'`);
  return Number(match[1]) * secondsOf[match[2] ?? "s"]!;
}
