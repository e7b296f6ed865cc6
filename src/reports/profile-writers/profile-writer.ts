import type { ProfileSet } from "../../model/profile.ts";

/** What a writer needs beside the profiles. */
export interface WriteOptions {
  /** Name of what was profiled, for the tools that show one. */
  readonly name: string;
  readonly tool: { readonly name: string; readonly version: string };
}

/** One format that other tools open. */
export interface ProfileWriter {
  /** What `--format` takes. */
  readonly name: string;
  readonly description: string;
  /** Of a file of this format, without a dot. */
  readonly extension: string;
  /** Whether a file holds one profile, or all of a set. */
  readonly holds: "one" | "many";
  /** How readers of the format expect it to be packed; the caller packs. */
  readonly compression?: "gzip";
  write(set: ProfileSet, options: WriteOptions): Uint8Array | string;
}
