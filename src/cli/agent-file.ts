import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { UsageError } from "../model/errors.ts";
import { type AgentFile, agentSchema } from "./agent-schema.ts";
import { type AgentSettings, defaultAgentSettings } from "./agent-settings.ts";

/** Reads the configuration file; a fault is told with its line and path. */
export function readAgentFile(path: string): AgentSettings {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read the configuration ${path}: ${(error as Error).message}`, { cause: error });
  }
  return parseAgentFile(text, path);
}

/** Settings from the text of a configuration file, YAML or JSON; `name` is for messages. */
export function parseAgentFile(text: string, name: string): AgentSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) throw new UsageError(`${name}:${fault.linePos?.[0].line ?? 1}: ${firstLine(fault.message)}`);
  const result = agentSchema.safeParse(document.toJS() ?? {});
  if (result.success) return withDefaults(result.data);
  const faults = result.error.issues.map((issue) => {
    const path = issue.path.map(String);
    const place = issue.code === "unrecognized_keys" ? [...path, issue.keys[0]!] : path;
    return `${name}:${lineOf(document, lines, place)}: ${path.join(".") || "the file"}: ${issue.message}`;
  });
  throw new UsageError(faults.join("; "));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.replace(/ at line \d+, column \d+:?$/, "");
}

/** The line of the deepest part of the path that the file has. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: readonly string[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined;
    const start = node?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

function withDefaults(file: AgentFile): AgentSettings {
  const defaults = defaultAgentSettings;
  return {
    ...defaults,
    ...definedOf(file),
    jvms: { ...defaults.jvms, ...definedOf(file.jvms ?? {}) },
    services: file.services ?? defaults.services,
    web: { ...defaults.web, ...definedOf(file.web ?? {}) },
    prometheus: { ...defaults.prometheus, ...definedOf(file.prometheus ?? {}) },
    otlp: { ...defaults.otlp, ...definedOf(file.otlp ?? {}) },
    recording: { ...defaults.recording, ...definedOf(file.recording ?? {}) },
    limits: { ...defaults.limits, ...definedOf(file.limits ?? {}) },
    log: { ...defaults.log, ...definedOf(file.log ?? {}) },
  };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOf<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
