import type { FrameName } from "./frame-names.ts";

/** Fits names into boxes; what a name is wide is measured once. */
export class LabelFitter {
  readonly #widths = new Map<string, number>();

  /** After the font or the names changed. */
  forget(): void {
    this.#widths.clear();
  }

  /** The full name, or the short one, or the beginning of that; nothing where three letters do not fit. */
  fit(context: CanvasRenderingContext2D, name: FrameName, pixels: number): string {
    if (this.#widthOf(context, name.full) <= pixels) return name.full;
    return this.fitText(context, name.short, pixels);
  }

  /** The text, or its beginning. */
  fitText(context: CanvasRenderingContext2D, text: string, pixels: number): string {
    const width = this.#widthOf(context, text);
    if (width <= pixels) return text;
    const letters = Math.floor((text.length * pixels) / width) - 1;
    return letters < 3 ? "" : `${text.slice(0, letters)}…`;
  }

  #widthOf(context: CanvasRenderingContext2D, text: string): number {
    let width = this.#widths.get(text);
    if (width === undefined) {
      width = context.measureText(text).width;
      this.#widths.set(text, width);
    }
    return width;
  }
}
