import type { LineShape } from "../../model/gc-log-evidence.ts";

const mostShapes = 512;
const shown = 50;
const longest = 160;

/** Lines that nothing is known about, counted by their text with every number as N. */
export class UnparsedShapes {
  readonly #counts = new Map<string, number>();
  lines = 0;

  add(text: string): void {
    this.lines++;
    const shape = text
      .slice(0, longest)
      .replace(/0x[0-9a-f]+/g, "N")
      .replace(/\d+(?:[.,]\d+)*/g, "N");
    const key = this.#counts.has(shape) || this.#counts.size < mostShapes ? shape : "…";
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  shapes(): readonly LineShape[] {
    return [...this.#counts]
      .map(([shape, lines]) => ({ shape, lines }))
      .sort((a, b) => b.lines - a.lines)
      .slice(0, shown);
  }
}
