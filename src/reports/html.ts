import { type Finding, type Severity, severities } from "../model/finding.ts";
import { formatNumberOf } from "../model/format-number.ts";
import type { InputReport, Report } from "../model/report.ts";
import type { Section } from "../model/section.ts";
import { flameElement } from "./flame-graph.ts";
import { proseHtml, sectionHtml, textHtml } from "./html-tables.ts";
import { pageOf } from "./page-shell.ts";
import { flamePageScript, pageStyle, reportPageScript, reportStyle } from "./pages/generated/code.ts";
import type { Reporter } from "./reporter.ts";
import { allWell, factsOf, footnotes, formatEvidence } from "./wording.ts";

/** For a browser: findings in the open, flame graphs, every section as tables to sort; one file that needs no network. */
export const htmlReporter: Reporter = {
  name: "html",
  description: "one page for a browser, with flame graphs",
  render(report, { include }) {
    const withProfiles = report.inputs.filter(hasProfiles).length;
    const inputs = report.inputs.map((input) => inputHtml(input, include, withProfiles));
    return pageOf({
      title: `${report.inputs.map(({ name }) => name).join(", ")} · ${report.tool.name}`,
      bodyClass: "report-page",
      body: [mastheadHtml(report), "<main>", ...inputs, "</main>"].join("\n"),
      styles: [pageStyle, reportStyle],
      scripts: withProfiles > 0 ? [reportPageScript, flamePageScript] : [reportPageScript],
    });
  },
};

/** All flame graphs of a report together, so that it can be sent. */
const maxFlameBytes = 8_500_000;

function mastheadHtml({ tool, inputs }: Report): string {
  const findings = inputs.flatMap((input) => input.findings);
  const counts = severities.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count > 0 ? [`<span class="badge ${severity}">${count} ${severity}</span>`] : [];
  });
  const what = inputs.length === 1 ? textHtml(inputs[0]!.name) : formatNumberOf(inputs.length, "file");
  return [
    '<header class="masthead">',
    `<h1>${what}</h1>`,
    `<p>${counts.length > 0 ? counts.join(" ") : "no findings"}</p>`,
    `<p class="made-by">${textHtml(`${tool.name} ${tool.version}`)}</p>`,
    "</header>",
  ].join("\n");
}

function inputHtml(input: InputReport, include: readonly string[], withProfiles: number): string {
  const title = `<h2>${textHtml(input.name)}</h2>`;
  if (input.error !== undefined) {
    return `<article>${title}\n<p class="failure">not read: ${textHtml(input.error)}</p></article>`;
  }
  const isIll = input.findings.some(({ severity }) => severity !== "info");
  const verdict = isIll ? undefined : allWell(input);
  const isOpen = ({ name, shownByDefault }: Section) =>
    include.length === 0 ? shownByDefault : include.includes(name);
  return [
    "<article>",
    title,
    `<p class="facts">${textHtml(factsOf(input).join(" · "))}</p>`,
    ...(verdict === undefined ? [] : [`<p class="well">✓ ${proseHtml(verdict)}</p>`]),
    ...input.findings.map(findingHtml),
    ...(hasProfiles(input) ? [flameHtml(input, maxFlameBytes / withProfiles)] : []),
    ...input.sections.filter(isShown).map((section) => sectionHtml(section, isOpen(section))),
    ...(input.summary ? footnotes(input.summary) : []).map((note) => `<p class="aside">${proseHtml(note)}</p>`),
    "</article>",
  ].join("\n");
}

/** A section may have data for programs alone. */
function isShown({ tables, blocks }: Section): boolean {
  return tables.length + blocks.length > 0;
}

function hasProfiles({ profiles }: InputReport): boolean {
  return profiles?.profiles.some(({ sampleStack }) => sampleStack.length > 0) ?? false;
}

function flameHtml({ name, profiles }: InputReport, maxBytes: number): string {
  return `<h3>Flame graph</h3>\n${flameElement(profiles!, { title: name }, maxBytes)}`;
}

const signs: Readonly<Record<Severity, string>> = { critical: "●", warning: "▲", info: "·" };

function findingHtml({ severity, title, evidence, advice, rule }: Finding): string {
  const facts = evidence.map((entry) => {
    const text = proseHtml(formatEvidence(entry));
    return `<dt>${textHtml(entry.label)}</dt><dd>${text}</dd>`;
  });
  return [
    `<section class="finding ${severity}">`,
    `<h3><span class="badge ${severity}">${signs[severity]} ${severity}</span> ${proseHtml(title)}</h3>`,
    `<dl>${facts.join("\n")}<dt class="do">do</dt><dd class="do">${proseHtml(advice)}</dd></dl>`,
    `<p class="rule">${textHtml(rule)}</p>`,
    "</section>",
  ].join("\n");
}
