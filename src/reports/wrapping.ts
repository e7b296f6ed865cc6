// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach the terminal
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from a dump without what could move a terminal's cursor or break a line. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Lines of at most `width` characters, broken at spaces where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((word) => pieces(word, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A word that is longer than a line, cut into pieces that fit. */
function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const cuts: string[] = [];
  for (let start = 0; start < word.length; start += width) cuts.push(word.slice(start, start + width));
  return cuts;
}

/**
 * A class name that fits: packages become their initials when it is too long, then the middle gives way.
 * `org.apache.cassandra.db.Memtable` → `o.a.c.d.Memtable`.
 */
export function shortClassName(name: string, width: number): string {
  if (name.length <= width) return name;
  const initials = name.replace(/([\p{L}_$])[\p{L}\p{N}_$]*\./gu, "$1.");
  return shorten(initials, width);
}

/** Text that fits, without its middle when it is too long. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return "…".slice(0, width);
  const head = Math.ceil((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}
