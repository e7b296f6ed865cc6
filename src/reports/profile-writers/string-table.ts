/** Texts by number, as pprof and OTLP hold them: 0 is the empty text. */
export class StringTable {
  readonly #numbers = new Map<string, number>([["", 0]]);

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /** In the order of their numbers. */
  get texts(): Iterable<string> {
    return this.#numbers.keys();
  }
}
