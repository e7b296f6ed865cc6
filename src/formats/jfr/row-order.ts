const buckets = 1 << 16;

/** Rows in the order of their time, equal times in the order in which they came; unknown times come first. */
export function rowsByTime(seconds: Float64Array): Int32Array {
  const rows = new Int32Array(seconds.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  if (isSorted(seconds)) return rows;
  const ticks = ticksOf(seconds);
  const sorted = sortedBy(ticks, sortedBy(ticks, rows, 0), 16);
  return repairedOrder(sorted, seconds);
}

function isSorted(seconds: Float64Array): boolean {
  for (let row = 1; row < seconds.length; row++) if (!(seconds[row]! >= seconds[row - 1]!)) return false;
  return true;
}

/** Times as 32-bit integers over their range: enough to sort all but close neighbours. */
function ticksOf(seconds: Float64Array): Uint32Array {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < seconds.length; row++) {
    const second = seconds[row]!;
    if (second < first) first = second;
    if (second > last && second < Number.POSITIVE_INFINITY) last = second;
  }
  const scale = last > first ? 0xffff_ffff / (last - first) : 0;
  const ticks = new Uint32Array(seconds.length);
  for (let row = 0; row < ticks.length; row++) {
    const second = seconds[row]!;
    if (second > first) ticks[row] = Math.min(0xffff_ffff, (second - first) * scale);
  }
  return ticks;
}

/** One pass of a radix sort, by 16 bits of the ticks; stable. */
function sortedBy(ticks: Uint32Array, rows: Int32Array, shift: number): Int32Array {
  const place = new Int32Array(buckets + 1);
  for (let index = 0; index < ticks.length; index++) place[((ticks[index]! >>> shift) & 0xffff) + 1]!++;
  for (let bucket = 0; bucket < buckets; bucket++) place[bucket + 1]! += place[bucket]!;
  const sorted = new Int32Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    sorted[place[(ticks[row]! >>> shift) & 0xffff]!++] = row;
  }
  return sorted;
}

/** Insertion sort: few neighbours fell on one tick, unless one absurd time stretched the range. */
function repairedOrder(rows: Int32Array, seconds: Float64Array): Int32Array {
  let movesLeft = 16 * rows.length;
  for (let index = 1; index < rows.length; index++) {
    const row = rows[index]!;
    let place = index;
    while (place > 0 && seconds[rows[place - 1]!]! > seconds[row]!) {
      rows[place] = rows[place - 1]!;
      place--;
      if (--movesLeft < 0) break;
    }
    rows[place] = row;
    if (movesLeft < 0) return rows.sort((one, other) => timeOf(seconds, one) - timeOf(seconds, other) || one - other);
  }
  return rows;
}

function timeOf(seconds: Float64Array, row: number): number {
  const second = seconds[row]!;
  return Number.isNaN(second) ? -Number.MAX_VALUE : Math.min(second, Number.MAX_VALUE);
}
