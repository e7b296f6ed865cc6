import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";

const pages = join(import.meta.dirname, "../src/reports/pages");

/** The code of the HTML pages as a module: scripts and style bundled from `src/reports/pages`, each with its hash. */
export async function pageModule(): Promise<string> {
  const parts = [
    ["flamePageScript", "flame-page.ts"],
    ["reportPageScript", "report-page.ts"],
    ["pageStyle", "page.css"],
    ["reportStyle", "report.css"],
  ] as const;
  const texts = await Promise.all(parts.map(async ([name, file]) => constantOf(name, await bundled(file))));
  return ["// Made by scripts/pages.ts of the files beside this folder.", ...texts, ""].join("\n");
}

function constantOf(name: string, code: string): string {
  const hash = `sha256-${createHash("sha256").update(code).digest("base64")}`;
  return `export const ${name} = { hash: ${JSON.stringify(hash)}, code: ${JSON.stringify(code)} };`;
}

async function bundled(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(pages, file)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome123", "firefox120", "safari17.4"],
    charset: "utf8",
    legalComments: "none",
  });
  const code = outputFiles[0]!.text.trim();
  if (/<\/(?:script|style)|<!--/i.test(code))
    throw new Error(`${file}: its code would end the element that it stands in`);
  return code;
}
