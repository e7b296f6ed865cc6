import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { constants, gunzipSync, zstdDecompressSync } from "node:zlib";
import { compressionOf } from "../formats/compressed/compression.ts";
import { TargetError } from "../model/errors.ts";
import type { Bytes } from "../model/units.ts";

/** A file that exists and can be read, with its beginning; stdin is read by whoever takes it, after `head`. */
export interface Input {
  /** As the user gave it. */
  readonly name: string;
  readonly isStdin: boolean;
  /** Size on disk; undefined for pipes. */
  readonly fileBytes: Bytes | undefined;
  /** What was read to sniff: raw bytes, compressed ones when the file is. */
  readonly rawHead: Uint8Array;
  /** The first 64 KiB of the content. */
  readonly head: Uint8Array;
}

const headBytes = 64 * 1024;
const stdinName = "-";

/** Opens, looks at the beginning and closes again. */
export function readInput(name: string): Input {
  const isStdin = name === stdinName;
  const { rawHead, fileBytes } = isStdin ? readHead(0) : readFileHead(name);
  if (rawHead.length === 0) throw new TargetError(`${name} is empty: nothing to read`);
  const head = contentOf(rawHead, name).subarray(0, headBytes);
  return { name, isStdin, fileBytes, rawHead, head };
}

function readFileHead(path: string) {
  const fd = openToRead(path);
  try {
    return readHead(fd);
  } catch (error) {
    throw openError(path, error);
  } finally {
    closeSync(fd);
  }
}

/** Pipes are refused: they give their bytes once, and opening one may wait forever for its writer. */
function openToRead(path: string): number {
  try {
    const stat = statSync(path);
    if (!stat.isFIFO() && !stat.isSocket()) return openSync(path, "r");
  } catch (error) {
    throw openError(path, error);
  }
  throw new TargetError(
    `cannot read ${path}: it is a pipe, and files are read more than once; send it to stdin: jprof analyze - < ${path}`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file; check the path",
  EACCES: "permission denied; run as the file's owner or make it readable",
  EPERM: "permission denied; run as the file's owner or make it readable",
  EISDIR: "it is a folder; name the files in it",
};

function openError(path: string, error: unknown): TargetError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new TargetError(`cannot read ${path}: ${reason}`, { cause: error });
}

function readHead(fd: number) {
  const stat = fstatSync(fd);
  const bytes = new Uint8Array(headBytes);
  let filled = 0;
  while (filled < headBytes) {
    const read = readOrWait(fd, bytes.subarray(filled));
    if (read === 0) break;
    filled += read;
  }
  return { rawHead: bytes.subarray(0, filled), fileBytes: stat.isFile() ? stat.size : undefined };
}

const pauseMillis = 5;

/** Reads; waits where nothing has come yet, since whoever made the pipe of stdin may have made it non-blocking. */
function readOrWait(fd: number, target: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, target, 0, target.length, null);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMillis);
    }
  }
}

const unpackers: readonly { readonly magic: readonly number[]; readonly tool: string }[] = [
  { magic: [0x42, 0x5a, 0x68], tool: "bunzip2" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], tool: "unxz" },
  { magic: [0x04, 0x22, 0x4d, 0x18], tool: "unlz4" },
  { magic: [0x50, 0x4b, 0x03, 0x04], tool: "unzip" },
];

/** The beginning of the content, unpacked when it is gzip or zstd; as much as the bytes at hand give. */
function contentOf(raw: Uint8Array, name: string): Uint8Array {
  const packed = unpackers.find(({ magic }) => startsWith(raw, magic));
  if (packed)
    throw new TargetError(`${name} is compressed in a way that is not read here; run ${packed.tool} on it first`);
  try {
    const compression = compressionOf(raw);
    if (compression === undefined) return raw;
    return compression === "gzip"
      ? gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH })
      : zstdDecompressSync(raw, { finishFlush: constants.ZSTD_e_flush });
  } catch (error) {
    throw new TargetError(`${name} looks compressed but cannot be unpacked: its beginning is damaged`, {
      cause: error,
    });
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
