import type { Pressure } from "../../model/cgroup.ts";
import { FormatError } from "../../model/errors.ts";

/** Parses a pressure file of /proc/pressure or of a control group: `some avg10=… total=microseconds`, and `full …` where there is one. */
export function parsePressure(text: string): Pressure {
  const some = stalledSeconds(text, "some");
  if (some === undefined) throw new FormatError('expected a line "some avg10=… total=…" of a pressure file');
  return { someSeconds: some, fullSeconds: stalledSeconds(text, "full") };
}

function stalledSeconds(text: string, scope: string): number | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(`${scope} `));
  const total = / total=(\d{1,18})$/.exec(line ?? "")?.[1];
  return total === undefined ? undefined : Number(total) / 1e6;
}
