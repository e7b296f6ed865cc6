import type { ByteSource } from "../bytes/byte-source.ts";
import { readChunkHeader } from "../formats/jfr/chunk-header.ts";
import type { Bytes } from "../model/units.ts";
import { chunkNames, openChunk, type Repository } from "./repository.ts";

/** The newest chunks of a repository as one recording. */
export interface RepositoryPart {
  readonly source: ByteSource;
  /** Milliseconds since the epoch at which its first chunk begins. */
  readonly startMillis: number;
  /** There were more chunks of the wanted time than `mostBytes` allows. */
  readonly isCut: boolean;
}

interface Piece {
  readonly source: ByteSource;
  /** What is flushed of it. */
  readonly bytes: Bytes;
  readonly startMillis: number;
}

/** Opens the chunks that reach back to a moment, the one that is still written too; undefined where there are none. */
export function openRepositoryPart(
  repository: Repository,
  { sinceMillis, mostBytes }: { readonly sinceMillis: number; readonly mostBytes: Bytes },
): RepositoryPart | undefined {
  const pieces: Piece[] = [];
  let bytes = 0;
  let isCut = false;
  for (const name of chunkNames(repository).toReversed()) {
    if (pieces[0] !== undefined && pieces[0].startMillis <= sinceMillis) break;
    const piece = openPiece(repository, name);
    if (piece === undefined) continue;
    isCut = pieces.length > 0 && bytes + piece.bytes > mostBytes;
    if (isCut) {
      piece.source.close();
      break;
    }
    bytes += piece.bytes;
    pieces.unshift(piece);
  }
  const [first] = pieces;
  return first && { source: joined(repository.path, pieces), startMillis: first.startMillis, isCut };
}

function openPiece(repository: Repository, name: string): Piece | undefined {
  const source = openChunk(repository, name);
  if (source === undefined) return undefined;
  const header = readChunkHeader(source, 0);
  const bytes = Math.min(header?.sizeBytes ?? 0, source.sizeBytes);
  if (header === undefined || bytes === 0) {
    source.close();
    return undefined;
  }
  return { source, bytes, startMillis: Number(header.startNanos) / 1e6 };
}

function joined(name: string, pieces: readonly Piece[]): ByteSource {
  const ends: number[] = [];
  let sizeBytes = 0;
  for (const { bytes } of pieces) {
    sizeBytes += bytes;
    ends.push(sizeBytes);
  }
  return {
    ...{ name, sizeBytes, descriptor: undefined },
    read(offset, target) {
      let done = 0;
      let index = ends.findIndex((end) => offset < end);
      while (index >= 0 && index < pieces.length && done < target.byteLength) {
        const { source, bytes } = pieces[index]!;
        const at = offset + done - (ends[index]! - bytes);
        const wanted = Math.min(bytes - at, target.byteLength - done);
        const got = source.read(at, target.subarray(done, done + wanted));
        done += got;
        if (got < wanted) break;
        index++;
      }
      return done;
    },
    close: () => {
      for (const { source } of pieces) source.close();
    },
  };
}
