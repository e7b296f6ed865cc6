/** The value of a JSON text, of one that was cut off too: what was complete by then. Undefined where nothing is, or it is not JSON. */
export function parseCutJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseRepaired(text);
  }
}

function parseRepaired(text: string): unknown {
  try {
    return JSON.parse(repaired(text));
  } catch {
    return undefined;
  }
}

/** Everything up to the last comma or bracket, and the brackets that are open there closed: one pass. */
function repaired(text: string): string {
  const open: string[] = [];
  let end = 0;
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      at = endOfString(text, at + 1);
      continue;
    }
    if (character === ",") end = at;
    at++;
    if (character === "{" || character === "[") open.push(character === "{" ? "}" : "]");
    else if (character === "}" || character === "]") open.pop();
    else continue;
    end = at;
  }
  return text.slice(0, end) + open.reverse().join("");
}

/** After the closing quote; the end of the text where there is none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - backslashes > start && text[quote - backslashes - 1] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}
