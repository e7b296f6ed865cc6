import { FormatError } from "../../model/errors.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import { parseMetadata, skipMetadataHead } from "./metadata.ts";
import { buildTypeSet, type TypeSet } from "./type-set.ts";

const mostKnown = 4;

/** Types by the bytes that declare them: all chunks of one JVM, and all JVMs of one build, declare nearly the same. */
export class LiveMetadata {
  #known: { readonly bytes: Uint8Array; readonly types: TypeSet }[] = [];

  /** The types that the metadata event at `start` declares; undefined where it is damaged. */
  typesAt(cursor: ChunkCursor, start: number, end: number): TypeSet | undefined {
    cursor.position = start;
    skipMetadataHead(cursor);
    const bytes = cursor.bytes.subarray(cursor.position, Math.max(cursor.position, end));
    const known = this.#known.find((one) => Buffer.compare(one.bytes, bytes) === 0);
    if (known !== undefined) return known.types;
    try {
      const types = buildTypeSet(parseMetadata(cursor, end));
      this.#known = [{ bytes: bytes.slice(), types }, ...this.#known.slice(0, mostKnown - 1)];
      return types;
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }
}
