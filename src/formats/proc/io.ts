import { FormatError } from "../../model/errors.ts";

/** What a process read and wrote since it began, threads that ended included. */
export interface ProcIo {
  /** By system calls, from whatever file: disk, page cache, socket, pipe. */
  readonly readCallBytes: number;
  readonly writeCallBytes: number;
  /** From and to storage. Network file systems count here only in part. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Written to the page cache, then truncated or deleted before it got to storage. */
  readonly cancelledBytes: number;
}

/** Parses /proc/PID/io. */
export function parseIo(text: string): ProcIo {
  const counts = new Map<string, number>();
  for (const [, key = "", value] of text.matchAll(/^(\w{1,30}): (-?\d{1,20})$/gm)) counts.set(key, Number(value));
  const needed = (key: string) => {
    const value = counts.get(key);
    if (value === undefined) throw new FormatError(`expected a line "${key}: …" of /proc/PID/io`);
    return value;
  };
  return {
    readCallBytes: needed("rchar"),
    writeCallBytes: needed("wchar"),
    readBytes: needed("read_bytes"),
    writtenBytes: needed("write_bytes"),
    cancelledBytes: needed("cancelled_write_bytes"),
  };
}
