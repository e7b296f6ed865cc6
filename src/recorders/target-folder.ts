import { randomBytes } from "node:crypto";
import { constants, lstatSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { join, posix } from "node:path";
import { insideRoot } from "../jvm/inside-root.ts";
import { readStat } from "../jvm/proc-reads.ts";
import { TargetError } from "../model/errors.ts";
import type { RecordTarget } from "../model/recorder.ts";

/** A file by its two names: the JVM's, and the one by which it is found from here. */
export interface SharedFile {
  readonly inside: string;
  readonly outside: string;
}

const prefix = "jprof-";
/** `jprof-4711-2345678-9f86d081.jfr`: whose it is tells whether it is still needed. */
const ownName = /^jprof-(\d+)-(\d+)-[0-9a-f]{8}\.(jfc|jfr|log|hprof)$/;

/**
 * The folder in which jprof and a JVM hand files to each other: what the JVM calls `/tmp`. Names cannot be guessed, links are not
 * followed, and everything that was named here is removed by `clear`.
 */
export class TargetFolder {
  readonly #outside: string;
  readonly #procRoot: string;
  readonly #uid: number;
  readonly #files: SharedFile[] = [];

  constructor({ live, procRoot, tmpFolder }: RecordTarget) {
    const { pid, uid } = live.identity;
    this.#outside = tmpFolder ?? insideRoot(join(procRoot, String(pid), "root"), "/tmp");
    this.#procRoot = procRoot;
    this.#uid = uid;
  }

  /** A name that is not taken. */
  name(extension: string): SharedFile {
    const own = `${prefix}${process.pid}-${readStat(`${this.#procRoot}/self`)?.startTicks ?? 0}-${randomBytes(4).toString("hex")}.${extension}`;
    const file = { inside: posix.join("/tmp", own), outside: join(this.#outside, own) };
    this.#files.push(file);
    return file;
  }

  /** A new file that the JVM can read. */
  write(extension: string, text: string): SharedFile {
    const file = this.name(extension);
    try {
      writeFileSync(file.outside, text, { flag: "wx", mode: 0o644 });
    } catch (error) {
      throw new TargetError(
        `cannot write ${file.outside}: ${(error as Error).message}; jprof doctor says what is in the way`,
        {
          cause: error,
        },
      );
    }
    return file;
  }

  /** Copies what the JVM wrote to a path here; the JVM's user could have put anything there, so only a plain file of its own is taken. */
  async take(file: SharedFile, path: string): Promise<number> {
    const handle = await open(file.outside, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || (stat.uid !== this.#uid && stat.uid !== process.geteuid?.())) {
        throw new TargetError(`${file.outside} is not the file that the JVM was asked to write; it is left alone`);
      }
      await copyFile(`/proc/self/fd/${handle.fd}`, path);
      return stat.size;
    } finally {
      await handle.close();
    }
  }

  remove({ outside }: SharedFile): void {
    rmSync(outside, { force: true });
  }

  /** Whether a recording with this name was begun by a jprof that has ended; then its file goes with the others. */
  isOrphan(name: string): boolean {
    const file = `${name}.jfr`;
    if (!isOfDeadOwner(file, this.#procRoot)) return false;
    this.#files.push({ inside: posix.join("/tmp", file), outside: join(this.#outside, file) });
    return true;
  }

  /** Removes every file named here, and those of a jprof that was killed. */
  clear(): void {
    for (const file of this.#files) this.remove(file);
    for (const name of leftovers(this.#outside, this.#procRoot)) rmSync(join(this.#outside, name), { force: true });
  }
}

function leftovers(folder: string, procRoot: string): readonly string[] {
  return namesIn(folder).filter((name) => {
    if (!isOfDeadOwner(name, procRoot)) return false;
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return stat?.isFile() === true && Date.now() - stat.mtimeMs > oldMillis;
  });
}

function isOfDeadOwner(name: string, procRoot: string): boolean {
  const [, pid, ticks] = ownName.exec(name) ?? [];
  return pid !== undefined && readStat(`${procRoot}/${pid}`)?.startTicks !== Number(ticks);
}

/** A recording of another JVM that outlives its jprof may still be written to. */
const oldMillis = 3_600_000;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
