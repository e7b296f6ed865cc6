import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { renderFlamePage } from "../../src/reports/flame-graph.ts";
import { profileOf } from "../stacks/profile-of.ts";
import { hasChromium, noChromium, type PageOpener, startChromium } from "./pages/chromium.ts";
import { setOf, threadOf } from "./pages/page-data-of.ts";

const threads = [threadOf("io-1", "io-*"), threadOf("io-2", "io-*"), threadOf("main", "main")];
const cpu = profileOf(
  `java.lang.Thread.run com.acme.Server.serve com.acme.Wal.append 40
   java.lang.Thread.run com.acme.Server.serve com.acme.Json.parse 30
   java.lang.Thread.run com.acme.Cleaner.clean com.acme.Json.parse 20
   com.acme.Main.main 10`,
  {
    event: "jdk.ExecutionSample",
    sampleThread: Int32Array.of(0, 1, 0, 2),
    sampleSeconds: Float64Array.of(0.5, 1.5, 2.5, 9.5),
    sampleCount: Float64Array.of(4, 3, 2, 1),
    sampleLine: Int32Array.of(212, 40, 41, 7),
  },
);
const alloc = profileOf("com.acme.Main.main com.acme.Json.parse 1000, com.acme.Main.main 24", {
  kind: "alloc",
  event: "jdk.ObjectAllocationSample",
  unit: "bytes",
  sampleLabel: Int32Array.of(0, 1),
  labels: ["byte[]", "java.lang.String"],
});
const set = setOf([cpu, alloc], { threads, durationSeconds: 10, startMillis: Date.UTC(2026, 0, 2, 3, 4, 5) });
const evil = `</script><script>window.harmed = 1</script><img src=x onerror="window.harmed=1">'"&`;

test("a page admits its own code alone, and asks for nothing", () => {
  const html = renderFlamePage(setOf([profileOf("A 1")]), { title: "a" });
  expect(html).toMatch(
    /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/,
  );
  expect(html.match(/<[^>]*\s(?:on[a-z]+|src|href|style)=/)).toBeNull();
  expect(html.match(/https?:\/\//)).toBeNull();
  expect(renderFlamePage(setOf([profileOf("A 1")]), { title: evil })).not.toContain("<img");
});

test("two recordings without a profile in common say so", () => {
  const html = renderFlamePage(setOf([cpu]), { title: "b", before: { title: "a", profiles: setOf([alloc]) } });
  expect(html).toContain("no profile of one kind, event and unit");
});

describe.skipIf(!hasChromium)(`a flame graph in a browser${noChromium}`, () => {
  let pages: PageOpener;
  beforeAll(async () => {
    pages = await startChromium();
  });
  afterAll(() => pages?.close());
  afterEach(() => {
    expect(pages.complaints.splice(0)).toEqual([]);
  });

  async function openGraph(html = renderFlamePage(set, { title: "a.jfr" }), width = 1280): Promise<Page> {
    const page = await pages.open(html, { width });
    page.setDefaultTimeout(10_000);
    await page.waitForSelector(".flame[data-state=ready]");
    return page;
  }

  const crumbs = (page: Page) => page.locator(".crumb").allTextContents();
  const sum = (page: Page) => page.locator(".crumb-sum").textContent();
  const choose = (page: Page, label: string, value: string) =>
    page.getByLabel(label, { exact: true }).selectOption(value);
  const methods = (page: Page) => page.locator(".method-name").allTextContents();
  const status = (page: Page) => page.locator("[aria-live]").textContent();

  /** The middle of the box at a depth and a share of the width. */
  async function pointAt(page: Page, depth: number, share: number) {
    const box = (await page.locator(".graph-scroller").boundingBox())!;
    return { x: box.x + box.width * share * 0.98, y: box.y + depth * 20 + 10 };
  }

  test("shows everything, and zooms by mouse, back and out", async () => {
    const page = await openGraph();
    expect(await crumbs(page)).toEqual(["all"]);
    expect(await sum(page)).toBe("100");
    const { x, y } = await pointAt(page, 2, 0.2);
    await page.mouse.move(x, y);
    expect(await page.locator(".tooltip").textContent()).toMatch(
      /com\.acme\.Server\.servetotal70 \(70 %\)self0 \(0 %\)/,
    );
    await page.mouse.click(x, y);
    expect(await crumbs(page)).toEqual(["all", "Thread.run", "Server.serve"]);
    expect(await sum(page)).toBe("70 · 70 % of all");
    const leaf = await pointAt(page, 3, 0.2);
    await page.mouse.move(leaf.x, leaf.y);
    expect(await page.locator(".tooltip").textContent()).toMatch(/Wal\.append.*of zoomed57 %line212 \(100 %\)/);
    await page.getByRole("button", { name: "← Back" }).click();
    expect(await crumbs(page)).toEqual(["all"]);
    await page.close();
  });

  test("is walked and zoomed by keys alone", async () => {
    const page = await openGraph();
    await page.locator(".graph-scroller").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    expect(await status(page)).toBe("com.acme.Cleaner.clean, total 20 (20 %), self 0 (0 %)");
    await page.keyboard.press("Enter");
    expect(await crumbs(page)).toEqual(["all", "Thread.run", "Cleaner.clean"]);
    await page.keyboard.press("Escape");
    expect(await crumbs(page)).toEqual(["all", "Thread.run"]);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    expect(await crumbs(page)).toEqual(["all"]);
    await page.keyboard.press("f");
    expect(await page.getByLabel("Draw").inputValue()).toBe("flame");
    await page.keyboard.press("ArrowUp");
    expect(await status(page)).toMatch(/^java\.lang\.Thread\.run/);
    await page.keyboard.press("?");
    expect(await page.locator("dialog").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").isVisible()).toBe(false);
    await page.close();
  });

  test("searches by regular expression, and goes from match to match", async () => {
    const page = await openGraph();
    await page.keyboard.press("/");
    await page.keyboard.type("json\\.|wal");
    expect(await page.locator(".matched").textContent()).toBe("90 % matched");
    expect(await methods(page)).toEqual(["Json.parse", "Wal.append"]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    expect(await status(page)).toMatch(/^com\.acme\.Json\.parse, total 30/);
    await page.keyboard.press("Escape");
    expect(await page.locator(".matched").textContent()).toBe("");
    await page.close();
  });

  test("turned round shows who called the frames that ran", async () => {
    const page = await openGraph();
    await page.keyboard.press("i");
    await page.locator(".graph-scroller").focus();
    for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    expect(await status(page)).toBe("com.acme.Server.serve, total 30 (30 %)");
    await choose(page, "View", "callees");
    expect(await status(page)).toMatch(/^all, /);
    await page.close();
  });

  test("gives a method's callers and calls from all places together", async () => {
    const page = await openGraph();
    await page.locator(".method-cell", { hasText: "Json.parse" }).hover();
    await page.getByRole("button", { name: "Show who calls it: com.acme.Json.parse" }).click();
    expect(await crumbs(page)).toEqual(["callers of Json.parse"]);
    expect(await sum(page)).toBe("50");
    await page.getByRole("button", { name: "show all ✕" }).click();
    expect(await sum(page)).toBe("100");
    await page.close();
  });

  test("shows one pool of threads, and puts stacks together by it", async () => {
    const page = await openGraph();
    await choose(page, "Show", "pool 0");
    expect(await sum(page)).toBe("90");
    await choose(page, "Show", "");
    await choose(page, "Group by", "pool");
    await page.locator(".graph-scroller").focus();
    await page.keyboard.press("ArrowDown");
    expect(await status(page)).toMatch(/^io-\*, total 90/);
    await choose(page, "Measure", "count");
    expect(await sum(page)).toBe("10");
    await page.close();
  });

  test("has all profiles of the file, with their own units and labels", async () => {
    const page = await openGraph();
    await choose(page, "Profile", "1");
    expect(await sum(page)).toBe("1.00 KiB");
    expect(await page.locator(".heat-pane").isVisible()).toBe(false);
    await choose(page, "Group by", "label");
    await page.locator(".graph-scroller").focus();
    await page.keyboard.press("ArrowDown");
    expect(await status(page)).toMatch(/^byte\[\], total 1,000 B \(98 %\)/);
    await page.close();
  });

  test("is narrowed to a window of time by dragging over the heat map, or by keys", async () => {
    const page = await openGraph();
    const map = (await page.locator(".heat-canvas").boundingBox())!;
    await page.mouse.move(map.x + 46, map.y + 1);
    await page.mouse.down();
    await page.mouse.move(map.x + 44 + 48 * 1.5, map.y + 98, { steps: 4 });
    await page.mouse.up();
    expect(await sum(page)).toBe("70");
    expect(await page.locator(".heat-status").textContent()).toBe(
      "0 s (03:04:05.000 UTC) – 2 s (03:04:07.000 UTC) selected",
    );
    await page.locator(".heat-canvas").focus();
    await page.keyboard.press("Escape");
    expect(await sum(page)).toBe("100");
    // The cursor is where the mouse was let go: at the end of the second second.
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    expect(await sum(page)).toBe("20");
    await page.getByRole("button", { name: "whole recording ✕" }).click();
    expect(await sum(page)).toBe("100");
    await page.close();
  });

  test("of two recordings tells what grew, what is new and what is gone", async () => {
    const before = setOf([
      profileOf("com.acme.Main.main com.acme.Old.go 1, com.acme.Main.main com.acme.Same.go 3", { event: "x" }),
    ]);
    const after = setOf([
      profileOf("com.acme.Main.main com.acme.New.go 10, com.acme.Main.main com.acme.Same.go 30", { event: "x" }),
    ]);
    const page = await openGraph(renderFlamePage(after, { title: "b", before: { title: "a", profiles: before } }));
    expect(await page.locator("h1").textContent()).toBe("a → b");
    expect(await page.locator(".legend").textContent()).toBe("gonelesssamemorenew");
    await page.locator(".graph-scroller").focus();
    const seen: (string | null)[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) {
      await page.keyboard.press(key);
      seen.push(await status(page));
    }
    expect(seen.map((text) => text!.split(", self")[0])).toEqual([
      "com.acme.Main.main, total 100 % → 100 % (±0 pp)",
      "com.acme.Same.go, total 75 % → 75 % (±0 pp)",
      "com.acme.New.go, total 0 % → 25 % (+25.0 pp new)",
      "com.acme.Old.go, total 25 % → 0 % (−25.0 pp gone)",
    ]);
    await choose(page, "Width", "after");
    expect(await sum(page)).toBe("100 %");
    await page.close();
  });

  test("is not harmed by names of frames, threads, labels and files that look like HTML", async () => {
    const profile = {
      ...profileOf("A B 1"),
      stacks: { ...profileOf("A B 1").stacks, frameNames: [evil, `${evil}\u202e\u0000`] },
      sampleThread: Int32Array.of(0),
      sampleLabel: Int32Array.of(0),
      labels: [evil],
      confidence: { samplesWithoutStack: 0, truncatedStacks: 0, notes: [evil] },
    };
    const harmful = setOf([profile], { threads: [threadOf(evil, evil)] });
    const page = await openGraph(renderFlamePage(harmful, { title: evil, facts: [evil], madeBy: evil }));
    await choose(page, "Group by", "label");
    const { x, y } = await pointAt(page, 2, 0.5);
    await page.mouse.move(x, y);
    expect(await page.locator(".tooltip-title").textContent()).toBe(evil);
    expect(await page.locator("h1").textContent()).toBe(evil);
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    await page.close();
  });

  test("leaves the table to those who ask for it where there is little room", async () => {
    const page = await openGraph(undefined, 700);
    expect(await page.locator(".method-pane").isVisible()).toBe(false);
    await page.keyboard.press("t");
    expect(await page.locator(".graph-pane").isVisible()).toBe(false);
    expect(await methods(page)).toEqual([
      "Json.parse",
      "Wal.append",
      "Main.main",
      "Thread.run",
      "Server.serve",
      "Cleaner.clean",
    ]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(700);
    await page.close();
  });
});
