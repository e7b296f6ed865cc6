/** A script or a style that stands in a page, and the hash by which the page's policy admits it. */
export interface InlineCode {
  readonly code: string;
  /** `sha256-…` */
  readonly hash: string;
}

export interface PageParts {
  readonly title: string;
  readonly bodyClass: string;
  /** HTML. */
  readonly body: string;
  readonly styles: readonly InlineCode[];
  readonly scripts: readonly InlineCode[];
}

/** One page that needs nothing but itself: its policy admits the code in it, and no connection anywhere. */
export function pageOf({ title, bodyClass, body, styles, scripts }: PageParts): string {
  const hashes = (codes: readonly InlineCode[]) => codes.map(({ hash }) => `'${hash}'`).join(" ") || "'none'";
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes(styles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    ...styles.map(({ code }) => `<style>${code}</style>`),
    "</head>",
    `<body class="${bodyClass}">`,
    body,
    ...scripts.map(({ code }) => `<script>${code}</script>`),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Text as HTML, also inside of attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
