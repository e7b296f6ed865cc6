/** One line of /proc/PID/maps. */
export interface MemoryMapping {
  readonly start: number;
  readonly end: number;
  /** `rwxp` */
  readonly permissions: string;
  readonly fileOffset: number;
  /** A file's path, `[heap]`, `[vdso]`, `[anon:…]`; empty of anonymous memory. */
  readonly path: string;
  /** The file was deleted or replaced after it was mapped. */
  readonly isDeleted: boolean;
}

const deletedMark = " (deleted)";
const pattern = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) ([0-9a-f]{1,16}) \S{1,16} \d{1,20}(?: +(.*))?$/;

/** Parses a line of /proc/PID/maps, or the first line of a mapping in smaps; undefined where it is none. */
export function parseMapping(line: string): MemoryMapping | undefined {
  const match = pattern.exec(line);
  if (!match) return undefined;
  const [, start = "", end = "", permissions = "", offset = "", rest = ""] = match;
  const isDeleted = rest.endsWith(deletedMark);
  return {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    permissions,
    fileOffset: Number.parseInt(offset, 16),
    path: unescaped(isDeleted ? rest.slice(0, -deletedMark.length) : rest),
    isDeleted,
  };
}

/** The kernel writes line breaks in paths in octal. */
function unescaped(path: string): string {
  return path.replaceAll("\\012", "\n");
}
