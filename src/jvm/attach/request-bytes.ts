import { failure, type Outcome, success } from "./outcome.ts";

/** How a JVM wants to be spoken to. */
export interface Protocol {
  readonly version: 1 | 2;
  /**
   * Whether it has to be told not to write the reply while the command runs. A JVM that does (25 does so by itself)
   * waits for a slow reader, and of `Thread.print` with all its threads stopped.
   */
  readonly streams: boolean;
}

/** What every JVM understands. */
export const oldestProtocol: Protocol = { version: 1, streams: false };

/** Of the first protocol: three arguments, each this long at most; the JVM hangs up on more without a word. */
const version1 = { arguments: 3, nameBytes: 16, argumentBytes: 1024 } as const;

/** Of the second: bytes after its own head. */
const version2Bytes = 256 * 1024;

/** The most bytes that one argument may have. */
export function longestArgument(protocol: Protocol): number {
  return protocol.version === 1 ? version1.argumentBytes : version2Bytes - 1024;
}

/**
 * Version 1: `1 NUL name NUL` and three arguments that each end in NUL. Version 2: `2 NUL`, the size of the rest in
 * decimal, NUL, then `name NUL` and any number of arguments. Options stand after the name: `jcmd streaming=0`.
 */
export function encodeRequest(protocol: Protocol, name: string, texts: readonly string[]): Outcome<Uint8Array> {
  if ([name, ...texts].some((text) => text.includes("\0"))) return failure("failed", "a request holds no NUL");
  if (texts.length > version1.arguments) return failure("failed", `more than ${version1.arguments} arguments`);
  if (Buffer.byteLength(name) > version1.nameBytes) return failure("failed", `"${name}" is too long a name`);
  const longest = longestArgument(protocol);
  const tooLong = texts.map((text) => Buffer.byteLength(text)).find((bytes) => bytes > longest);
  if (tooLong !== undefined) {
    return failure("failed", `an argument of ${tooLong} bytes; this JVM takes ${longest} at most`);
  }
  const called = protocol.streams ? `${name} streaming=0` : name;
  if (protocol.version === 1) {
    const padded = [...texts, "", "", ""].slice(0, version1.arguments);
    return success(Buffer.from(`${["1", called, ...padded].join("\0")}\0`));
  }
  const rest = `${[called, ...texts].join("\0")}\0`;
  return success(Buffer.from(`2\0${Buffer.byteLength(rest)}\0${rest}`));
}
