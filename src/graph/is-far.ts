/** Objects that lie this far apart are in different parts of every column; closer ones are in the cache, or about to be. */
const farApart = 1024;

/** Whether going from one object to another is likely to miss the cache. */
export function isFar(from: number, to: number): boolean {
  return Math.abs(from - to) > farApart;
}
