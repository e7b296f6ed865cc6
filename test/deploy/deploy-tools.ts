import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../build/deploy-tools");

/** Definitions of the Prometheus Operator's resources. */
export const customResourcesFolder = join(folder, "crds");

/** Where a program is, built by scripts/deploy-tools.ts or installed; undefined and a printed reason where it is not. */
export function toolPath(name: string, probe: readonly string[]): string | undefined {
  const built = join(folder, name);
  if (existsSync(built)) return built;
  if (name !== "cmd" && spawnSync(name, probe, { stdio: "ignore" }).status === 0) return name;
  const isBuilt = ["helm", "kubectl-validate", "cmd"].includes(name);
  process.stderr.write(`skipped: no ${name} here${isBuilt ? "; node scripts/deploy-tools.ts builds it" : ""}\n`);
  return undefined;
}

/** What a program printed; throws with that where it failed. */
export function outputOf(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}
