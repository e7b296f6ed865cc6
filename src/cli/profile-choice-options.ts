import { type Command, Option } from "commander";
import { UsageError } from "../model/errors.ts";
import { profileKinds } from "../model/profile.ts";
import type { ProfileChoice } from "./read-profiles.ts";
import { parseSelection, type SelectionOptions } from "./selection.ts";

/** The options that choose among profiles and samples, as commander hands them over. */
export interface ProfileChoiceOptions extends SelectionOptions {
  readonly kind?: string;
}

/** Adds the options that choose a part of recordings and profiles. */
export function addSelection(command: Command): Command {
  return command
    .addOption(new Option("--from <time>", "from 30s after the start on, or 12:03:10 (UTC), or 2026-11-25T12:03:10Z"))
    .addOption(new Option("--to <time>", "up to this time"))
    .addOption(new Option("--thread <names>", "only threads or pools of these names, with * for anything"))
    .addOption(new Option("--state <states>", "only samples of threads in these states, such as RUNNABLE"))
    .addOption(new Option("--event <types>", "profiles of these events only, such as jdk.FileForce"));
}

/** Adds the options that choose among profiles and samples. */
export function addProfileChoice(command: Command): Command {
  return addSelection(
    command.addOption(new Option("--kind <kind>", "profiles of this kind alone").choices(profileKinds)),
  );
}

/** Checks what chooses among profiles and samples. */
export function parseProfileChoice(options: ProfileChoiceOptions): ProfileChoice {
  const selection = parseSelection(options);
  const { from, to } = selection;
  if (from?.kind === "offset" && to?.kind === "offset" && from.seconds >= to.seconds) {
    throw new UsageError(`--from must be before --to, got ${options.from} and ${options.to}`);
  }
  return { kind: profileKinds.find((kind) => kind === options.kind), selection };
}
