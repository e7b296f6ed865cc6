/** The smallest of the `count` largest values; found by dividing again and again (Hoare's way), not by sorting. */
export function largestFloor(values: Float64Array, count: number): number {
  const left = values.slice();
  const wanted = left.length - count;
  let low = 0;
  let high = left.length - 1;
  while (low < high) {
    const last = divide(left, low, high);
    if (wanted <= last) high = last;
    else low = last + 1;
  }
  return left[wanted]!;
}

/** Moves values to both sides of one of middling size; returns the last place of the lower side. */
function divide(values: Float64Array, low: number, high: number): number {
  const pivot = middleOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!);
  let first = low;
  let last = high;
  for (;;) {
    while (values[first]! < pivot) first++;
    while (values[last]! > pivot) last--;
    if (first >= last) return last;
    const value = values[first]!;
    values[first++] = values[last]!;
    values[last--] = value;
  }
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
