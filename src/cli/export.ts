import { gzipSync } from "node:zlib";
import { UsageError } from "../model/errors.ts";
import type { ProfileSet } from "../model/profile.ts";
import { renderFlamePage } from "../reports/flame-graph.ts";
import { invert } from "../stacks/invert.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ExportConfig } from "./export-options.ts";
import { readInput } from "./input.ts";
import { checkOutput, writeToFile, writeToStdout } from "./output.ts";
import { noProgress, stderrProgress } from "./progress.ts";
import { type ProfilesRead, readProfiles } from "./read-profiles.ts";
import { tool } from "./tool.ts";

/** Reads one file and writes its profiles in another format; the result is the exit code. */
export async function runExport(config: ExportConfig, { progressToTerminal }: ProcessConfig): Promise<number> {
  const { file, output } = config;
  const line = progressToTerminal ? stderrProgress() : noProgress;
  if (output !== undefined) checkOutput(output);
  try {
    const read = await readProfiles(readInput(file), config.choice, line.update);
    line.update("writing", 0, 0);
    const content = contentOf(read, config);
    line.clear();
    if (output === undefined) await writeToStdout(content);
    else writeToFile(output, content);
  } finally {
    line.clear();
  }
  return exitCodes.done;
}

function contentOf({ profiles: read }: ProfilesRead, { file, writer, isInverted }: ExportConfig): string | Uint8Array {
  const profiles: ProfileSet = isInverted ? { ...read, profiles: read.profiles.map(invert) } : read;
  if (writer === undefined) {
    const facts = isInverted ? ["stacks are upside down: callers grow from the hot frames"] : [];
    return renderFlamePage(profiles, { title: file, facts, madeBy: `${tool.name} ${tool.version}` });
  }
  if (writer.holds === "one" && profiles.profiles.length > 1) throw severalProfiles(profiles, writer.name);
  const content = writer.write(profiles, { name: file, tool });
  return writer.compression === undefined ? content : gzipSync(content);
}

function severalProfiles({ profiles }: ProfileSet, format: string): UsageError {
  const kinds = new Set(profiles.map(({ kind }) => kind));
  const names = profiles.map(({ kind, event }) => `${kind} '${event}'`).join(", ");
  const choose = kinds.size === profiles.length ? "--kind" : "--kind or --event";
  return new UsageError(`${format} holds one profile; choose one with ${choose}: ${names}`);
}
