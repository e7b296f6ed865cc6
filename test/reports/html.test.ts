import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InputReport } from "../../src/model/report.ts";
import { htmlReporter } from "../../src/reports/html.ts";
import { profileOf } from "../stacks/profile-of.ts";
import { exampleReport, leak } from "./example-report.ts";
import { hasChromium, noChromium, type PageOpener, startChromium } from "./pages/chromium.ts";
import { setOf } from "./pages/page-data-of.ts";

const options = { width: 100, paint: (_style: string, text: string) => text, include: [] };
const evil = `</script><script>window.harmed = 1</script><img src=x onerror="window.harmed=1">`;
const profiles = setOf([profileOf("com.acme.Main.main com.acme.Wal.append 3, com.acme.Main.main 1")]);

/** Text of the page, without its code. */
function bodyOf(html: string): string {
  return html.slice(html.indexOf("<body"), html.indexOf("</main>"));
}

test("findings come first, with their evidence and what to do", () => {
  const body = bodyOf(htmlReporter.render(exampleReport(), options));
  const finding = body.indexOf("<code>HashMap</code> in <code>Leaky.CACHE</code> retains 1.19 GiB");
  expect(finding).toBeGreaterThan(0);
  expect(finding).toBeLessThan(body.indexOf("<details"));
  expect(body).toContain('<dt class="do">do</dt><dd class="do">bound it or expire entries');
  expect(body).toContain('<span class="badge critical">1 critical</span>');
});

test("sections are open by default, or those that were asked for", () => {
  const open = (include: readonly string[]) =>
    [
      ...htmlReporter.render(exampleReport(), { ...options, include }).matchAll(/<details class="section"( open)?>/g),
    ].map(([, isOpen]) => isOpen !== undefined);
  expect(open([])).toEqual([true]);
  expect(open(["dominators"])).toEqual([false]);
  expect(open(["histogram"])).toEqual([true]);
});

test("a report without profiles has no flame graph and no code for it", () => {
  const html = htmlReporter.render(exampleReport(), options);
  expect(html).not.toContain("octet-stream");
  expect(html.length).toBeLessThan(30_000);
  expect(htmlReporter.render(exampleReport({ profiles }), options)).toContain('<section class="flame"');
});

test("an input that was not read says why, beside the others", () => {
  const { tool, inputs } = exampleReport();
  const failed: InputReport = { name: "x", error: "no <such> format", findings: [], sections: [], seconds: 0 };
  const body = bodyOf(htmlReporter.render({ tool, inputs: [...inputs, failed] }, options));
  expect(body).toContain("<h1>2 files</h1>");
  expect(body).toContain("not read: no &lt;such&gt; format");
});

test("the same report gives the same bytes", () => {
  expect(htmlReporter.render(exampleReport({ profiles }), options)).toBe(
    htmlReporter.render(exampleReport({ profiles }), options),
  );
});

describe.skipIf(!hasChromium)(`a report in a browser${noChromium}`, () => {
  let pages: PageOpener;
  beforeAll(async () => {
    pages = await startChromium();
  });
  afterAll(() => pages?.close());

  test("sorts tables by a click on a column, and again the other way", async () => {
    const page = await pages.open(htmlReporter.render(exampleReport(), options));
    const classes = () => page.locator("table.data").first().locator("tbody tr td:first-child").allTextContents();
    const before = await classes();
    await page.getByRole("button", { name: "instances" }).first().click();
    expect(await classes()).toEqual(before);
    await page.getByRole("button", { name: "instances" }).first().click();
    expect(await classes()).toEqual(before.toReversed());
    expect(pages.complaints.splice(0)).toEqual([]);
    await page.close();
  });

  test("shows flame graphs of all inputs, and is not harmed by what files hold", async () => {
    const { tool, inputs } = exampleReport({
      name: evil,
      findings: [{ ...leak, title: evil, advice: evil, rule: evil }],
      profiles,
    });
    const html = htmlReporter.render({ tool, inputs: [inputs[0]!, { ...inputs[0]!, name: "b.jfr" }] }, options);
    const page = await pages.open(html);
    await page.locator(".flame[data-state=ready]").nth(1).waitFor();
    expect(await page.locator(".crumb-sum").allTextContents()).toEqual(["4", "4"]);
    expect(await page.locator("article h2").first().textContent()).toBe(evil);
    expect(await page.evaluate("window.harmed")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    expect(pages.complaints.splice(0)).toEqual([]);
    await page.close();
  });
});
