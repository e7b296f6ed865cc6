import type { LiveMetadata } from "../formats/jfr/live-metadata.ts";
import { LiveTail, type LiveVisitor } from "../formats/jfr/live-tail.ts";
import { FormatError } from "../model/errors.ts";
import type { Bytes } from "../model/units.ts";
import { chunkNames, compareChunkNames, openChunk, type Repository } from "./repository.ts";

/** What was read of a repository so far. */
export interface TailTotals {
  readonly readBytes: Bytes;
  /** Damaged, or gone before all of it was read. */
  readonly unreadBytes: Bytes;
  readonly chunks: number;
  /** Of the last look at which there was something new. */
  readonly lastNewsMillis: number | undefined;
}

/** Follows a JVM's chunks: what is new of the one that is written, then the next one. */
export class RepositoryTail {
  readonly #repository: Repository;
  readonly #visitor: LiveVisitor;
  readonly #metadata: LiveMetadata;
  #current: { readonly name: string; readonly chunk: LiveTail } | undefined;
  #readBytes = 0;
  #unreadBytes = 0;
  #chunks = 0;
  #lastNewsMillis: number | undefined;

  constructor(repository: Repository, visitor: LiveVisitor, metadata: LiveMetadata) {
    this.#repository = repository;
    this.#visitor = visitor;
    this.#metadata = metadata;
  }

  totals(): TailTotals {
    return {
      readBytes: this.#readBytes,
      unreadBytes: this.#unreadBytes,
      chunks: this.#chunks,
      lastNewsMillis: this.#lastNewsMillis,
    };
  }

  /** Reads what is new. It begins with what comes after its first look. */
  advance(nowMillis: number): void {
    const names = chunkNames(this.#repository);
    if (this.#current === undefined) {
      const [newest] = names.slice(-1);
      if (newest === undefined) return;
      this.#begin(newest, { beginsAtEnd: true });
    }
    this.#readCurrent(nowMillis);
    const { name } = this.#current!;
    for (const later of names.filter((other) => compareChunkNames(other, name) > 0)) {
      this.#begin(later, { beginsAtEnd: false });
      this.#readCurrent(nowMillis);
    }
  }

  #begin(name: string, options: { readonly beginsAtEnd: boolean }): void {
    this.#chunks++;
    this.#current = { name, chunk: new LiveTail(this.#visitor, this.#metadata, options) };
  }

  #readCurrent(nowMillis: number): void {
    const { name, chunk } = this.#current!;
    const source = openChunk(this.#repository, name);
    if (source === undefined) return;
    try {
      const { readBytes, lostBytes } = chunk.advance(source);
      this.#readBytes += readBytes;
      this.#unreadBytes += lostBytes;
      if (readBytes > 0) this.#lastNewsMillis = nowMillis;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#unreadBytes += source.sizeBytes;
    } finally {
      source.close();
    }
  }
}
