import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { ByteSource } from "../bytes/byte-source.ts";
import { insideRoot } from "../jvm/inside-root.ts";
import type { Bytes } from "../model/units.ts";

/** Where a JVM keeps the chunks of its recordings, found from here. */
export interface Repository {
  /** Its /proc/PID/root. */
  readonly root: string;
  /** As the JVM calls it. */
  readonly path: string;
  /** Whose files are read. */
  readonly uid: number;
}

/** The JVM names a chunk by when it began; of several in one second, by a number too. */
const chunkName = /^\d{4}(_\d\d){5}(_\d+)?\.jfr$/;
/** A repository of more files is not a JVM's. */
const mostChunks = 10_000;

/** Names of its chunks, oldest first; none where the folder cannot be read. */
export function chunkNames({ root, path }: Repository): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(insideRoot(root, path));
  } catch {
    return [];
  }
  return names
    .filter((name) => chunkName.test(name))
    .sort(compareChunkNames)
    .slice(-mostChunks);
}

/** Below 0 where the first was begun before the second. */
export function compareChunkNames(a: string, b: string): number {
  const [timeA, timeB] = [a.slice(0, 19), b.slice(0, 19)];
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return numberOf(a) - numberOf(b);
}

/** Bytes of all its chunks. */
export function repositoryBytes(repository: Repository): Bytes {
  const folder = insideRoot(repository.root, repository.path);
  let bytes = 0;
  for (const name of chunkNames(repository))
    bytes += lstatSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

/** Opens a chunk; undefined where it is gone, or is anything but a plain file of the JVM's user. */
export function openChunk({ root, path, uid }: Repository, name: string): ByteSource | undefined {
  const file = join(insideRoot(root, path), name);
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  const stat = fstatSync(fd);
  if (!stat.isFile() || stat.uid !== uid) {
    closeSync(fd);
    return undefined;
  }
  return sourceOf(fd, name, stat);
}

function sourceOf(fd: number, name: string, { size }: Stats): ByteSource {
  return {
    name,
    sizeBytes: size,
    descriptor: undefined,
    read(offset, target) {
      let done = 0;
      while (done < target.byteLength) {
        const count = readSync(fd, target, done, target.byteLength - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    close: () => closeSync(fd),
  };
}

function numberOf(name: string): number {
  return Number(/_(\d+)\.jfr$/.exec(name.slice(19))?.[1] ?? 0);
}
