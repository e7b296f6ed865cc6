const continues = 0x80;
/** A compressed integer has at most so many bytes that say that another follows; the one behind them is the last, whatever it says. */
const mostContinuing = 8;

/** Bytes, and the same by four where they begin at a multiple of four. */
export interface SkippedBytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array | undefined;
}

/** Sees bytes as words too. */
export function skippedBytes(bytes: Uint8Array): SkippedBytes {
  const { buffer, byteOffset, byteLength } = bytes;
  const words = byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, byteLength >> 2) : undefined;
  return { bytes, words };
}

/** Where the compressed integer that is `count` further begins; something behind `end` when they run over it. */
export function skipIntegers(skipped: SkippedBytes, start: number, count: number, end: number): number {
  const { bytes, words } = skipped;
  if (words === undefined || count <= 4) return skipOneByOne(bytes, start, count, end);
  let left = count;
  let at = start;
  for (; (at & 3) !== 0 && at < end; at++) if (bytes[at]! < continues) left--;
  for (; left >= 4 && at + 4 <= end; at += 4) {
    const last = ~words[at >> 2]! & 0x80808080;
    if (last === 0 && runAround(bytes, at, start, end) >= mostContinuing) return skipOneByOne(bytes, start, count, end);
    // The sum of the four bits ends up in the top byte.
    left -= Math.imul(last >>> 7, 0x01010101) >>> 24;
  }
  if (left === 0) return at;
  while (at > start && bytes[at - 1]! >= continues) at--;
  return skipOneByOne(bytes, at, left, end);
}

/** Bytes that say that another follows, around the four at a place that all do. */
function runAround(bytes: Uint8Array, at: number, start: number, end: number): number {
  let first = at;
  while (first > start && bytes[first - 1]! >= continues) first--;
  let last = at + 4;
  while (last < end && bytes[last]! >= continues) last++;
  return last - first;
}

function skipOneByOne(bytes: Uint8Array, start: number, count: number, end: number): number {
  let left = count;
  let run = 0;
  let at = start;
  while (left > 0 && at < end) {
    if (bytes[at++]! >= continues && run < mostContinuing) run++;
    else {
      run = 0;
      left--;
    }
  }
  return left > 0 ? end + 1 : at;
}
