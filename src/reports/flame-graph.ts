import type { ProfileSet } from "../model/profile.ts";
import { pagePayload } from "./page-payload.ts";
import { escapeHtml, pageOf } from "./page-shell.ts";
import { flamePageScript, pageStyle } from "./pages/generated/code.ts";
import { printable } from "./wrapping.ts";

/** What a flame graph page is to say and to hold. */
export interface FlamePageOptions {
  /** Name of the recording. */
  readonly title: string;
  /** Facts below it: the JVM, when it was recorded. */
  readonly facts?: readonly string[];
  /** An earlier recording to compare with: its profiles are paired by kind, event and unit. */
  readonly before?: { readonly title: string; readonly profiles: ProfileSet };
  /** `jprof 0.1.0` */
  readonly madeBy?: string;
  /** Size of the page that is not exceeded while there is anything to leave out. */
  readonly maxBytes?: number;
}

/** Pages are mailed and attached to issues. */
const defaultMaxBytes = 9_000_000;

/** One page, for a browser without a network, with flame graphs of all profiles of a recording, or of two compared. */
export function renderFlamePage(profiles: ProfileSet, options: FlamePageOptions): string {
  const { title, before, facts = [], madeBy, maxBytes = defaultMaxBytes } = options;
  const heading = before ? `${before.title} → ${title}` : title;
  const body = [
    '<header class="masthead">',
    `<h1>${escapeHtml(printable(heading))}</h1>`,
    `<p>${escapeHtml(printable(facts.join(" · ")))}</p>`,
    ...(madeBy === undefined ? [] : [`<p class="made-by">${escapeHtml(madeBy)}</p>`]),
    "</header>",
    flameElement(profiles, options, maxBytes),
  ].join("\n");
  return pageOf({
    title: `${printable(heading)} · flame graph`,
    bodyClass: "flame-page",
    body,
    styles: [pageStyle],
    scripts: [flamePageScript],
  });
}

/** The element that a page's script turns into a flame graph. */
export function flameElement(
  profiles: ProfileSet,
  { title, before }: Pick<FlamePageOptions, "title" | "before">,
  maxBytes: number,
): string {
  const payload = pagePayload(
    { after: { name: title, set: profiles }, before: before && { name: before.title, set: before.profiles } },
    maxBytes,
  );
  if (payload === undefined) {
    const why = before ? "The two have no profile of one kind, event and unit." : "There are no samples.";
    return `<p class="flame-loading">${why}</p>`;
  }
  return [
    `<section class="flame" aria-label="Flame graph of ${escapeHtml(printable(title))}">`,
    '<p class="flame-loading">Reading the profile… This needs a browser of 2023 or later, with JavaScript.</p>',
    `<script type="application/octet-stream">${payload}</script>`,
    "</section>",
  ].join("\n");
}
