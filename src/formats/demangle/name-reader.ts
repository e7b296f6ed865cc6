/** Where a mangled name is no longer understood. */
export class NotMangled extends Error {
  override readonly name = "NotMangled";
}

/** Reads a mangled name by character; the position only moves forward, but for what was tried in vain. */
export class NameReader {
  readonly #text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.#text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  peek(offset = 0): string {
    return this.#text.charAt(this.at + offset);
  }

  next(): string {
    if (this.isAtEnd) throw new NotMangled("cut off");
    return this.#text.charAt(this.at++);
  }

  startsWith(mark: string): boolean {
    return this.#text.startsWith(mark, this.at);
  }

  /** Skips `mark` when it is next. */
  take(mark: string): boolean {
    if (!this.startsWith(mark)) return false;
    this.at += mark.length;
    return true;
  }

  expect(mark: string): void {
    if (!this.take(mark)) throw new NotMangled(`expected ${mark}`);
  }

  /** Digits, if there are any. */
  number(): number | undefined {
    const start = this.at;
    while (this.peek() >= "0" && this.peek() <= "9") this.at++;
    return this.at === start ? undefined : Number(this.#text.slice(start, this.at));
  }

  /** The number of a substitution or template parameter: `_` is 0, `0_` is 1, digits and capitals count to the base of 36. */
  sequence(): number {
    if (this.take("_")) return 0;
    let value = 0;
    while (!this.take("_")) {
      const digit = Number.parseInt(this.next(), 36);
      if (Number.isNaN(digit) || value > 1e6) throw new NotMangled("expected a number of base 36");
      value = value * 36 + digit;
    }
    return value + 1;
  }

  /** `3foo` */
  sourceName(): string {
    const length = this.number() ?? 0;
    if (length === 0 || this.at + length > this.#text.length) throw new NotMangled("expected an identifier");
    const name = this.#text.slice(this.at, this.at + length);
    this.at += length;
    return name.startsWith("_GLOBAL__N") ? "(anonymous namespace)" : name;
  }
}

/** `h8_`, `vn8_n24_`: by how much a thunk moves the object. */
export function skipCallOffset(input: NameReader): void {
  const kind = input.next();
  for (let number = 0; number < (kind === "v" ? 2 : 1); number++) {
    input.take("n");
    input.number();
    input.expect("_");
  }
}

/** `_0`, `__12_`: which of several things of one name in one function. */
export function skipDiscriminator(input: NameReader): void {
  if (!input.take("_")) return;
  if (!input.take("_")) {
    if (!input.isAtEnd) input.at++;
    return;
  }
  input.number();
  input.take("_");
}
