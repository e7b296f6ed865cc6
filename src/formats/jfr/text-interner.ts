import type { Chunk, EventField } from "./events.ts";
import { lastingName } from "./frame-names.ts";

/** Numbers the distinct texts of one column. */
export class TextInterner {
  readonly texts: string[] = [];
  readonly #indexOf = new Map<string, number>();

  /** −1 for no text. */
  indexOf(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.#indexOf.get(text);
    if (known !== undefined) return known;
    this.#indexOf.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Asks once for each index, which are dense. */
export function remembered(count: number, find: (index: number) => number): (index: number) => number {
  const notYet = -2;
  let found = new Int32Array(Math.max(16, count)).fill(notYet);
  return (index) => {
    if (!(index >= 0)) return -1;
    if (index >= found.length) {
      const larger = new Int32Array(Math.max(index + 1, found.length * 2)).fill(notYet);
      larger.set(found);
      found = larger;
    }
    if (found[index] === notYet) found[index] = find(index);
    return found[index]!;
  };
}

/** From a chunk's indexes of one field to a column's texts. Classes and methods have lasting names. */
export function chunkTexts(chunk: Chunk, field: EventField, interner: TextInterner): (index: number) => number {
  const isCode = field.content === "class" || field.content === "method";
  return remembered(chunk.textCount(field), (index) => {
    const text = chunk.text(field, index);
    return interner.indexOf(isCode && text !== undefined ? lastingName(text) : text);
  });
}
