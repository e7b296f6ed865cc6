import { FormatError } from "../../model/errors.ts";
import type { Loss } from "../../model/heap-evidence.ts";
import { poolsOf } from "./chunk-contents.ts";
import type { ChunkCursor } from "./chunk-cursor.ts";
import type { EventWalk } from "./event-walk.ts";
import { type DeclaredClass, parseMetadata, skipMetadataHead } from "./metadata.ts";
import type { Pool } from "./pool.ts";
import { buildTypeSet, type TypeSet } from "./type-set.ts";

/** Types of a chunk, and pools for their constants that are used again in the next chunk of the same types. */
export interface ChunkTypes {
  readonly types: TypeSet;
  readonly pools: readonly Pool[];
}

interface KnownMetadata extends ChunkTypes {
  readonly bytes: Uint8Array;
  readonly declared: readonly DeclaredClass[];
}

const mostKnown = 4;

/** Metadata that has been met: chunks of one JVM mostly declare the same, byte by byte. */
export class MetadataCache {
  #known: KnownMetadata[] = [];

  /** The types of a chunk by its newest metadata, with those of older metadata where events need them; undefined without any. */
  typesOf(cursor: ChunkCursor, walk: EventWalk, losses: Loss[]): ChunkTypes | undefined {
    let newest: KnownMetadata | undefined;
    let declared: readonly DeclaredClass[] = [];
    for (const start of [...walk.metadata].reverse()) {
      const older = this.#parsed(cursor, start, losses);
      if (older === undefined) continue;
      newest ??= older;
      declared = [...older.declared, ...declared];
      if (hasAllTypes(declared, walk)) break;
    }
    if (newest === undefined || declared.length === newest.declared.length) return newest;
    const types = buildTypeSet(declared);
    return { types, pools: poolsOf(types) };
  }

  #parsed(cursor: ChunkCursor, start: number, losses: Loss[]): KnownMetadata | undefined {
    cursor.position = start;
    const end = start + cursor.int();
    cursor.position = start;
    skipMetadataHead(cursor);
    const bytes = cursor.bytes.subarray(cursor.position, Math.max(cursor.position, end));
    const known = this.#known.find((one) => Buffer.compare(one.bytes, bytes) === 0);
    if (known !== undefined) return known;
    try {
      const declared = parseMetadata(cursor, end);
      const types = buildTypeSet(declared);
      const fresh = { bytes: bytes.slice(), declared, types, pools: poolsOf(types) };
      this.#known = [fresh, ...this.#known.slice(0, mostKnown - 1)];
      return fresh;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      losses.push({ offset: start, bytes: end - start, reason: `damaged metadata: ${error.message}` });
      return undefined;
    }
  }
}

function hasAllTypes(declared: readonly DeclaredClass[], { counts }: EventWalk): boolean {
  const ids = new Set(declared.map(({ id }) => id));
  return [...counts.keys()].every((id) => ids.has(id));
}
