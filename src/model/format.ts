/**
 * A kind of file, recognised by its content; a name is only a hint.
 * `src/cli/pipelines.ts` says how one is read into evidence, since a heap needs `src/graph` for that too.
 */
export interface Format {
  readonly name: string;
  /** What an error about an unknown file lists: `heap dump (HPROF)`. */
  readonly description: string;
  /** `head` is the first 64 KiB of the content, after decompression. */
  sniff(head: Uint8Array, fileName: string): boolean;
}
