import type { ByteSource } from "../../bytes/byte-source.ts";

const mostWindowBytes = 1 << 20;
const leastWindowBytes = 1 << 12;
/** What is beyond this in one line is dropped. */
const longestLine = 64 * 1024;

/** Memory to read a source through, piece by piece; a source that is read forward does not know its size. */
export function windowFor({ sizeBytes }: ByteSource): Uint8Array {
  return new Uint8Array(Math.min(mostWindowBytes, Math.max(leastWindowBytes, sizeBytes + 1)));
}

/** Calls `visit` with every line of the source, without its end; no more than a window of it is in memory. */
export function visitLines(source: ByteSource, visit: (line: string) => void): void {
  const decoder = new TextDecoder("utf-8");
  const window = windowFor(source);
  let rest = "";
  for (let offset = 0; ; ) {
    const count = source.read(offset, window);
    offset += count;
    const isLast = count < window.length;
    const lines = (rest + decoder.decode(window.subarray(0, count), { stream: !isLast })).split("\n");
    rest = (isLast ? "" : (lines.pop() ?? "")).slice(0, longestLine);
    for (const line of lines) visit(line.slice(0, longestLine));
    if (isLast) return;
  }
}
