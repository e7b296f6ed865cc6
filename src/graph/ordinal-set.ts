/** A set of ordinals, one bit each: bit `ordinal & 7` of byte `ordinal >>> 3`. Pages that hold no member cost no memory. */
export type OrdinalSet = Uint8Array;

/** An empty set for the ordinals 0…`objectCount`. */
export function createOrdinalSet(objectCount: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array((objectCount >>> 3) + 1);
}

export function hasOrdinal(set: OrdinalSet, ordinal: number): boolean {
  return (set[ordinal >>> 3]! & (1 << (ordinal & 7))) !== 0;
}

export function addOrdinal(set: OrdinalSet, ordinal: number): void {
  set[ordinal >>> 3]! |= 1 << (ordinal & 7);
}
