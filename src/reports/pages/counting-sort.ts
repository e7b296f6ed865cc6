/** Row numbers in the order of a key ≥ −1, of the first `length` rows; rows of equal key stay in the given order. */
export function countingSort(key: Int32Array, length: number, order?: Int32Array): Int32Array {
  let largest = -1;
  for (let row = 0; row < length; row++) largest = Math.max(largest, key[row]!);
  const next = new Int32Array(largest + 3);
  for (let row = 0; row < length; row++) next[key[row]! + 2]!++;
  for (let value = 1; value < next.length; value++) next[value]! += next[value - 1]!;
  const result = new Int32Array(length);
  for (let index = 0; index < length; index++) {
    const row = order === undefined ? index : order[index]!;
    result[next[key[row]! + 1]!++] = row;
  }
  return result;
}
