import { schemaVersion } from "../reports/json.ts";
import type { ProcessConfig } from "./config.ts";
import { exitCodes } from "./exit-codes.ts";
import { type JvmLook, lookAtJvms } from "./jvm-look.ts";
import { writeToStdout } from "./output.ts";
import { psText } from "./ps-text.ts";
import { paintFor } from "./terminal.ts";
import { tool } from "./tool.ts";

/** `ps` as it was asked for. */
export interface PsConfig {
  readonly format: "text" | "json";
  readonly procRoot: string;
}

const mostMillis = 30_000;

/** Lists the JVMs once; the result is the exit code. */
export async function runPs({ format, procRoot }: PsConfig, { width }: ProcessConfig): Promise<number> {
  const jvms = await lookAtJvms(procRoot, AbortSignal.timeout(mostMillis));
  const text = format === "json" ? psJson(jvms) : psText(jvms, width, paintFor(process.stdout));
  await writeToStdout(text);
  return exitCodes.done;
}

function psJson(jvms: readonly JvmLook[]): string {
  return `${JSON.stringify({ schemaVersion, tool, jvms: jvms.map(jsonOf) }, null, 2)}\n`;
}

function jsonOf({ kind, identity, obstacles, ...look }: JvmLook): unknown {
  const { startedAtMillis, ...who } = identity;
  return { kind, ...who, startedAt: new Date(startedAtMillis).toISOString(), ...look, obstacles };
}
