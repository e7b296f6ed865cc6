import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../docs/runbooks");

/** The text of every page, by the name of its alert; and of the list of them. */
export const runbooks: ReadonlyMap<string, string> = new Map(
  readdirSync(folder).map((file) => [file.replace(/\.md$/, ""), readFileSync(join(folder, file), "utf8")]),
);

/** Every query that a page tells to ask. */
export function queriesIn(page: string): readonly string[] {
  return [...page.matchAll(/```promql\n(.*?)```/gs)].flatMap(([, block]) => block!.trim().split("\n"));
}
