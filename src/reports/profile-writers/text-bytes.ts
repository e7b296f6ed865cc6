const encoder = new TextEncoder();
const chunkLength = 1 << 20;

/** Text that may be longer than one string can be. */
export class TextBytes {
  readonly #chunks: Uint8Array[] = [];
  #text = "";

  push(text: string): void {
    this.#text += text;
    if (this.#text.length >= chunkLength) this.#flush();
  }

  /** Everything so far, as UTF-8. */
  bytes(): Uint8Array {
    this.#flush();
    const bytes = new Uint8Array(this.#chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #flush(): void {
    if (this.#text !== "") this.#chunks.push(encoder.encode(this.#text));
    this.#text = "";
  }
}
