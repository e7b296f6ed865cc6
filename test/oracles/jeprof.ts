import { existsSync } from "node:fs";
import { execa } from "execa";

/** What jeprof says of a profile. */
export interface JeprofTable {
  readonly total: number;
  readonly rows: readonly { readonly flat: number; readonly cum: number; readonly name: string }[];
}

const program = "/usr/bin/jeprof";

export const hasJeprof = existsSync(program);

/** Part of a test's name where it is missing, so that a skipped test says why. */
export const noJeprof = hasJeprof ? "" : " (skipped: no jeprof)";

/** `jeprof --text --show_bytes` of a profile of this program. */
export async function jeprof(binary: string, profile: string, ...options: readonly string[]): Promise<JeprofTable> {
  const isCount = options.some((option) => option.endsWith("_objects"));
  const args = ["--text", ...(isCount ? [] : ["--show_bytes"]), ...options, binary, profile];
  const { stdout } = await execa(program, args, { timeout: 120_000 });
  const lines = stdout.split("\n");
  const total = lines.flatMap((line) => /^Total(?: \(\S+\))?: (-?\d+)/.exec(line)?.[1] ?? []).at(-1);
  const rows = lines.flatMap((line) => {
    const match = /^ *(-?\d+) +\S+% +\S+% +(-?\d+) +\S+% (.*)$/.exec(line);
    return match ? [{ flat: Number(match[1]), cum: Number(match[2]), name: match[3]! }] : [];
  });
  return { total: Number(total), rows };
}
