import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import type { Profile, ProfileSet } from "../src/model/profile.ts";
import { renderFlamePage } from "../src/reports/flame-graph.ts";
import { randomProfile } from "./random-profile.ts";

// How long a browser takes to show and to zoom a big flame graph: jprof's canvas, and d3-flame-graph's SVG.
const frames = Number(process.argv[2] ?? 100_000);
const runs = Number(process.argv[3] ?? 3);
/** Code in the page that waits for the end of the next picture. */
const painted = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))";
/** Code that notes when a page says that it is ready, from the start of its loading. */
const watch = `new MutationObserver(async () => {
  if (window.firstPaint !== undefined || !document.querySelector("[data-state=ready]")) return;
  window.firstPaint = 0;
  await ${painted};
  window.firstPaint = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });`;
const executablePath = process.env.JPROF_CHROMIUM ?? "/usr/bin/chromium";

interface Times {
  /** From the start of loading to the picture. */
  readonly firstPaintMillis: number;
  readonly zoomMillis: number;
  readonly backMillis: number;
}

const folder = mkdtempSync(join(tmpdir(), "jprof-flame-"));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const profile = randomProfile({ stacks: frames, samples: frames, seconds: 60, threads: 0 });
  const set: ProfileSet = { profiles: [profile], threads: [], startMillis: undefined, durationSeconds: 60 };
  const began = performance.now();
  const ours = renderFlamePage(set, { title: "bench" });
  console.log(`${frames} frames; page of ${ours.length} bytes written in ${(performance.now() - began).toFixed(0)} ms`);
  report("canvas", await timesOf(browser, "ours.html", ours, canvasTimes));
  for (const minFrameSize of [1, 0]) {
    const page = await d3Page(profile, minFrameSize);
    report(`d3-flame-graph, minFrameSize ${minFrameSize}`, await timesOf(browser, "d3.html", page, d3Times));
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

function report(name: string, { firstPaintMillis, zoomMillis, backMillis }: Times): void {
  const text = [firstPaintMillis, zoomMillis, backMillis].map((millis) => `${millis.toFixed(0)} ms`);
  console.log(`${name}: first paint ${text[0]}, zoom ${text[1]}, back ${text[2]} (median of ${runs})`);
}

type Page = Awaited<ReturnType<Browser["newPage"]>>;

async function timesOf(
  browser: Browser,
  name: string,
  html: string,
  measure: (page: Page) => Promise<Times>,
): Promise<Times> {
  const file = join(folder, name);
  writeFileSync(file, html);
  const all: Times[] = [];
  for (let run = 0; run < runs; run++) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(watch);
    await page.goto(`file://${file}`, { waitUntil: "commit" });
    page.setDefaultTimeout(180_000);
    all.push(await measure(page));
    await page.close();
  }
  const median = (key: keyof Times) => all.map((times) => times[key]).sort((a, b) => a - b)[runs >> 1]!;
  return {
    firstPaintMillis: median("firstPaintMillis"),
    zoomMillis: median("zoomMillis"),
    backMillis: median("backMillis"),
  };
}

async function canvasTimes(page: Page): Promise<Times> {
  const firstPaintMillis = await firstPaint(page);
  const keyTime = (key: string) =>
    page.evaluate<number>(`(async () => {
      const graph = document.querySelector(".graph-scroller");
      graph.focus();
      const began = performance.now();
      graph.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}", bubbles: true }));
      await ${painted};
      return performance.now() - began;
    })()`);
  for (let step = 0; step < 2; step++) await keyTime("ArrowDown");
  return { firstPaintMillis, zoomMillis: await keyTime("Enter"), backMillis: await keyTime("Backspace") };
}

async function firstPaint(page: Page): Promise<number> {
  const deadline = performance.now() + 240_000;
  for (;;) {
    const millis = await page.evaluate<number>("window.firstPaint ?? 0");
    if (millis > 0) return millis;
    if (performance.now() > deadline) throw new Error("the page did not get ready in 4 minutes");
    await setTimeout(200);
  }
}

async function d3Times(page: Page): Promise<Times> {
  const firstPaintMillis = await firstPaint(page);
  const zoomMillis = await page.evaluate<number>(`(async () => {
    const began = performance.now();
    window.zoom();
    await ${painted};
    return performance.now() - began;
  })()`);
  const backMillis = await page.evaluate<number>(`(async () => {
    const began = performance.now();
    window.back();
    await ${painted};
    return performance.now() - began;
  })()`);
  return { firstPaintMillis, zoomMillis, backMillis };
}

interface D3Node {
  readonly name: string;
  value: number;
  readonly children: D3Node[];
}

/** The same tree as d3-flame-graph wants it: objects with children. */
async function d3Page(profile: Profile, minFrameSize: number): Promise<string> {
  const { frameNames, stackFrame, stackCaller } = profile.stacks;
  const root: D3Node = { name: "all", value: 0, children: [] };
  const nodes: D3Node[] = [];
  for (let stack = 0; stack < stackFrame.length; stack++) {
    const node = { name: frameNames[stackFrame[stack]!]!, value: 0, children: [] };
    nodes.push(node);
    const caller = stackCaller[stack]!;
    (caller < 0 ? root : nodes[caller]!).children.push(node);
  }
  for (let sample = 0; sample < profile.sampleStack.length; sample++) {
    for (let stack = profile.sampleStack[sample]!; stack >= 0; stack = stackCaller[stack]!) {
      nodes[stack]!.value += profile.sampleWeight[sample]!;
    }
    root.value += profile.sampleWeight[sample]!;
  }
  const script = `
    import flamegraph from "d3-flame-graph";
    import { select } from "d3-selection";
    const data = JSON.parse(document.getElementById("data").textContent);
    const chart = flamegraph().width(1280).transitionDuration(0).minFrameSize(${minFrameSize}).sort(true);
    select("#chart").datum(data).call(chart);
    document.body.dataset.state = "ready";
    const find = () => {
      let widest;
      select("#chart").selectAll("g").each((node) => {
        if (node.depth === 2 && (!widest || node.value > widest.value)) widest = node;
      });
      return widest;
    };
    window.zoom = () => chart.zoomTo(find());
    window.back = () => chart.resetZoom();`;
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    loader: { ".css": "empty" },
  });
  const json = JSON.stringify(root).replaceAll("<", "\\u003c");
  return `<!doctype html><meta charset="utf-8"><body><div id="chart"></div><script type="application/json" id="data">${json}</script><script>${outputFiles[0]!.text}</script>`;
}
