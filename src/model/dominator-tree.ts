/**
 * Immediate dominators and retained sizes of the strongly reachable objects.
 * `dominatorOf[ordinal]` is an ordinal, 0 for objects held by nothing but the roots, −1 for objects that are not strongly reachable.
 * `retainedUnits[ordinal]` is in units of 8 bytes (Float64Array when the heap exceeds 32 GiB); 0 for unreachable objects;
 * `retainedUnits[0]` is the whole reachable heap. Both have objectCount + 1 entries.
 */
export interface DominatorTree {
  readonly dominatorOf: Int32Array;
  readonly retainedUnits: Uint32Array | Float64Array;
}
