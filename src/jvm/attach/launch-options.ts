import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AttachTarget } from "./attach-target.ts";

/**
 * Everything that may hold an option of the JVM: what discovery saw, and the command line and environment as they are
 * now. What cannot be read is missing; options in an @file or a flags file are not seen at all.
 */
export async function readLaunchOptions(target: AttachTarget): Promise<readonly string[]> {
  const folder = join(target.procRoot, String(target.identity.pid));
  const [commandLine, environment] = await Promise.all(
    ["cmdline", "environ"].map((file) => readFile(join(folder, file), "latin1").catch(() => "")),
  );
  const fromEnvironment = (environment ?? "")
    .split("\0")
    .filter((variable) => variablesWithOptions.some((name) => variable.startsWith(`${name}=`)))
    .flatMap((variable) => variable.slice(variable.indexOf("=") + 1).split(/\s+/));
  return [...target.identity.flags, ...(commandLine ?? "").split("\0"), ...fromEnvironment];
}

const variablesWithOptions = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"];
