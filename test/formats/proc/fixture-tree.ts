import { readFileSync } from "node:fs";

/** Files of a tree in one text (the `ttar` form of prometheus/procfs), by path; its own marks are replaced by what they stand for. */
export function readFixtureTree(path: string): ReadonlyMap<string, string> {
  const lines = readFileSync(path, "utf8").split("\n");
  const files = new Map<string, string>();
  for (let index = 0; index < lines.length; index++) {
    const name = /^Path: (.*)$/.exec(lines[index]!)?.[1];
    const count = /^Lines: (\d+)$/.exec(lines[index + 1] ?? "")?.[1];
    if (name === undefined || count === undefined) continue;
    const content = lines.slice(index + 2, index + 2 + Number(count)).join("\n");
    files.set(name, content.endsWith("EOF") ? content.slice(0, -3) : `${content}\n`);
    index += 1 + Number(count);
  }
  return files;
}
