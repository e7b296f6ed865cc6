/** Gives an array's memory back at once instead of at some later garbage collection; the array is empty from then on. */
export function freeBuffer(array: { readonly buffer: ArrayBuffer }): void {
  array.buffer.transfer(0);
}
