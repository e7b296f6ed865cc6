import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../model/errors.ts";
import type { DashboardsOptions } from "./dashboards-command.ts";
import { reasonOf, writeToFile } from "./output.ts";

/** From source and from `dist/` alike: the build carries this folder along. */
const generatedFolder = join(import.meta.dirname, "../../dashboards/generated");

/** One file as it is shipped. */
interface Shipped {
  readonly name: string;
  readonly text: string;
}

/** Writes the shipped dashboards and rules into a folder, or only lists them; the result is for stdout. */
export function runDashboards({ output, list, runbooks }: DashboardsOptions): string {
  const base = runbooks === undefined ? undefined : parseRunbooks(runbooks);
  const files = shippedFiles();
  if (list) return `${files.map(lineOf).join("\n")}\n`;
  makeFolder(output);
  for (const { name, text } of files) writeToFile(join(output, name), withRunbooks(text, base));
  return files.map(({ name }) => `wrote ${join(output, name)}\n`).join("");
}

function shippedFiles(): readonly Shipped[] {
  return readdirSync(generatedFolder)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(generatedFolder, name), "utf8") }));
}

/** The address without the slash at its end; in the files the pages' names follow it. */
function parseRunbooks(url: string): string {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "") || /["\s\\]/.test(url)) {
    throw new UsageError(`--runbooks takes an address of the web, got '${url}'`);
  }
  return url.replace(/\/+$/, "");
}

/** Links in the shipped files begin with the folder of the documentation: `runbooks/GcStall.md`. */
function withRunbooks(text: string, base: string | undefined): string {
  if (base === undefined) return text;
  return text.replaceAll(
    /((?:"url": "|runbook_url: ))runbooks\/(\w+\.md)/g,
    (_whole, before: string, page: string) => `${before}${base}/${page}`,
  );
}

function lineOf({ name, text }: Shipped): string {
  return `${name.padEnd(28)} ${name.endsWith(".json") ? dashboardLine(text) : rulesLine(text)}`;
}

function dashboardLine(text: string): string {
  const { title, description } = JSON.parse(text) as { readonly title: string; readonly description: string };
  return `${title}: ${description}`;
}

function rulesLine(text: string): string {
  const alerts = text.match(/^\s+- alert: /gm)?.length ?? 0;
  const isObject = /^kind: PrometheusRule$/m.test(text);
  return `${alerts} alerts, as ${isObject ? "an object of the Prometheus Operator" : "a rule file of Prometheus"}`;
}

function makeFolder(folder: string): void {
  if (folder === "") throw new UsageError("-o takes the name of a folder, got ''");
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" || code === "ENOTDIR") throw new UsageError(`-o takes a folder, and ${folder} is a file`);
    throw new UsageError(`cannot make the folder ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}
