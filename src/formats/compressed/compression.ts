/** Ways of compression that Node can undo. */
export type Compression = "gzip" | "zstd";

/** Tells by the first bytes of a file; undefined for anything else. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return "zstd";
  return undefined;
}

/** Where content is: a file, or what is left of stdin after `head` was taken from it. */
export interface ContentPlace {
  /** undefined: stdin. */
  readonly path: string | undefined;
  readonly head: Uint8Array;
  readonly compression: Compression | undefined;
}
