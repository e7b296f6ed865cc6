const escaped: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f" };

/** Words of an environment variable with options (`JAVA_TOOL_OPTIONS`): quotes of both kinds join, there are no escapes. */
export function splitOptions(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"?|'([^']*)'?/g, "$1$2"));
}

/**
 * Words of a launcher's argument file (`java @file`). Quotes of both kinds join; a backslash escapes inside quotes only, and at a line's end
 * joins the next line without its indentation. A `#` outside quotes drops the rest of the line, with the word that it stands in.
 */
export function splitArgumentFile(text: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { word, end } = nextWord(text, at);
    if (word !== undefined) words.push(word);
    at = end;
  }
  return words;
}

function nextWord(text: string, start: number): { readonly word: string | undefined; readonly end: number } {
  let at = start;
  while (isBlank(text[at])) at++;
  let word: string | undefined;
  while (at < text.length && !isBlank(text[at])) {
    const character = text[at]!;
    if (character === "#") return { word: undefined, end: lineEnd(text, at) };
    if (character === '"' || character === "'") {
      const quoted = quotedPart(text, at);
      word = `${word ?? ""}${quoted.part}`;
      at = quoted.end;
    } else {
      word = `${word ?? ""}${character}`;
      at++;
    }
  }
  return { word, end: at };
}

/** What stands between the quote at `start` and the next one of its kind; all the rest where there is none. */
function quotedPart(text: string, start: number): { readonly part: string; readonly end: number } {
  const parts: string[] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== text[start]) {
    if (text[at] !== "\\") {
      parts.push(text[at++]!);
      continue;
    }
    const next = text[at + 1] ?? "";
    at += 2;
    if (next !== "\n" && next !== "\r") {
      parts.push(escaped[next] ?? next);
      continue;
    }
    while (isBlank(text[at])) at++;
  }
  return { part: parts.join(""), end: at + 1 };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}
