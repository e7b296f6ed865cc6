import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Layer {
  /** Folders it may import from, besides itself; `*` is every one. */
  readonly layers: readonly string[];
  /** npm packages and `node:` modules; `node:*` is every one of the latter, `*` is everything. */
  readonly modules: readonly string[];
  /** What single files may import more than that, by the end of their name. */
  readonly exceptions?: Readonly<Record<string, readonly string[]>>;
}

/** Who may import whom: the table of docs/design.md. The longest folder that fits a file is its row. */
const layers: Readonly<Record<string, Layer>> = {
  "src/model": { layers: [], modules: [] },
  "src/bytes": { layers: ["src/model"], modules: [], exceptions: { "-source.ts": ["node:fs", "node:zlib"] } },
  "src/threads": { layers: ["src/model"], modules: ["node:worker_threads", "node:os"] },
  "src/formats": {
    layers: ["src/model", "src/bytes", "src/threads"],
    modules: ["node:fs", "node:zlib", "node:path"],
    exceptions: {
      ".worker.ts": ["node:worker_threads", "node:stream"],
    },
  },
  "src/graph": {
    layers: ["src/model", "src/bytes", "src/threads"],
    modules: [],
    exceptions: { ".worker.ts": ["node:worker_threads"] },
  },
  "src/stacks": { layers: ["src/model", "src/bytes"], modules: [] },
  analyzers: { layers: ["src/model", "src/graph", "src/stacks"], modules: [] },
  "src/host": { layers: ["src/model", "src/formats"], modules: ["node:*"] },
  "src/jvm": { layers: ["src/model", "src/bytes", "src/formats", "src/host"], modules: ["node:*", "jolokia.js"] },
  collectors: { layers: ["src/model", "src/formats"], modules: [] },
  "src/recorders": {
    layers: ["src/model", "src/bytes", "src/formats", "src/jvm"],
    modules: ["node:fs", "node:fs/promises", "node:path", "node:crypto", "node:timers/promises"],
  },
  "src/reports": {
    layers: ["src/model", "src/bytes", "src/stacks"],
    modules: ["node:fs", "node:zlib"],
  },
  "src/exporters": {
    layers: ["src/model"],
    modules: [
      "prom-client",
      "prom-client/lib/registry.js",
      "prom-client/lib/gauge.js",
      "@opentelemetry/api",
      "@opentelemetry/resources",
      "@opentelemetry/sdk-metrics",
      "@opentelemetry/exporter-metrics-otlp-proto",
      "@opentelemetry/exporter-metrics-otlp-grpc",
    ],
  },
  "src/agent": {
    layers: ["src/model"],
    modules: ["node:http", "node:net", "node:crypto"],
  },
  dashboards: { layers: ["src/model", "collectors", "src/exporters", "src/agent"], modules: ["@grafana/*", "yaml"] },
  "src/cli": { layers: ["*"], modules: ["node:*", "commander", "zod", "yaml", "pino"] },
  fixtures: { layers: ["*"], modules: ["*"] },
  scripts: { layers: ["*"], modules: ["*"] },
  bench: { layers: ["*"], modules: ["*"] },
  test: { layers: ["*"], modules: ["*"] },
};

/** Folders that only compose or check the others: nothing imports them but their likes. */
const composing = ["src/cli", "scripts", "bench", "test", "fixtures"];

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = [
  "src",
  "analyzers",
  "collectors",
  "dashboards",
  "packs",
  "fixtures",
  "scripts",
  "bench",
  "test",
].flatMap(sourcesBelow);

describe("the layers", () => {
  test("every folder with code has a row in the table", () => {
    expect(sources.filter((file) => rowOf(file) === undefined)).toEqual([]);
  });

  test("every row of the table has a folder", () => {
    expect(Object.keys(layers).filter((row) => childrenOf(row).length === 0)).toEqual([]);
  });

  test("an import is one that the table allows", () => {
    expect(
      sources.flatMap((file) =>
        importsOf(file)
          .filter((name) => !isAllowed(file, name))
          .map((name) => `${file} → ${name}`),
      ),
    ).toEqual([]);
  });

  test("the check sees imports, and refuses those that the table does not list", () => {
    expect(importsOf("test/architecture.test.ts")).toContain("vitest");
    expect(isAllowed("src/model/finding.ts", "node:fs")).toBe(false);
    expect(isAllowed("src/graph/paths.ts", "../formats/hprof/read.ts")).toBe(false);
    expect(isAllowed("src/graph/paths.ts", "../model/finding.ts")).toBe(true);
    expect(isAllowed("src/formats/hprof/scan.worker.ts", "node:worker_threads")).toBe(true);
    expect(isAllowed("src/formats/hprof/scan.ts", "node:worker_threads")).toBe(false);
    expect(isAllowed("analyzers/threads.ts", "../src/cli/config.ts")).toBe(false);
  });
});

function isAllowed(file: string, name: string): boolean {
  const row = rowOf(file)!;
  const layer = layers[row]!;
  if (!name.startsWith(".")) return isModuleAllowed(file, layer, name);
  const target = posix.join(posix.dirname(file), name);
  if (!target.includes("/")) return composing.includes(row);
  const targetRow = rowOf(target);
  if (targetRow === undefined) return false;
  if (targetRow === row) return true;
  if (composing.includes(targetRow) && !composing.includes(row)) return false;
  return layer.layers.includes("*") || layer.layers.includes(targetRow);
}

function isModuleAllowed(file: string, layer: Layer, name: string): boolean {
  const extra = Object.entries(layer.exceptions ?? {}).flatMap(([end, names]) => (file.endsWith(end) ? names : []));
  return [...layer.modules, ...extra].some(
    (allowed) => allowed === name || (allowed.endsWith("*") && name.startsWith(allowed.slice(0, -1))),
  );
}

function rowOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((row) => file.startsWith(`${row}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Static, re-exporting and dynamic imports with a literal name. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(top, file), "utf8");
  const pattern =
    /^\s*(?:import|export)\b[^"'`;]*?from\s*"([^"]+)"|^\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]!);
}

function sourcesBelow(folder: string): readonly string[] {
  return childrenOf(folder).flatMap(({ path, isFolder }) => {
    if (isFolder) return sourcesBelow(path);
    return path.endsWith(".ts") || path.endsWith(".mjs") ? [path.split("\\").join("/")] : [];
  });
}

function childrenOf(folder: string): readonly { readonly path: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(join(top, folder), { withFileTypes: true }).map((entry) => ({
      path: relative(top, join(top, folder, entry.name)),
      isFolder: entry.isDirectory(),
    }));
  } catch {
    return [];
  }
}
