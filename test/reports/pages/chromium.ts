import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const executablePath = process.env.JPROF_CHROMIUM ?? "/usr/bin/chromium";

export const hasChromium = existsSync(executablePath);

/** Part of a test's name where there is no browser, so that a skipped test says why. */
export const noChromium = hasChromium ? "" : " (skipped: no chromium; JPROF_CHROMIUM names one)";

/** A browser that opens pages from files, and remembers what they complained about. */
export interface PageOpener {
  open(html: string, options?: { readonly width?: number; readonly scheme?: "light" | "dark" }): Promise<Page>;
  /** Messages on the console, errors, and requests beside that of the file itself. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function startChromium(): Promise<PageOpener> {
  const browser: Browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const folder = mkdtempSync(join(tmpdir(), "jprof-pages-"));
  const complaints: string[] = [];
  let files = 0;
  return {
    complaints,
    async open(html, { width = 1280, scheme = "light" } = {}) {
      const file = join(folder, `page-${++files}.html`);
      writeFileSync(file, html);
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        if (request.url() !== `file://${file}`) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
