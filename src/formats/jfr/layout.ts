/** How the bytes of a field become the number of a slot. From `byte` on, the field does not begin with an integer of several bytes. */
export const operations = {
  long: 0,
  scaled: 1,
  unsignedLong: 2,
  int: 3,
  scaledInt: 4,
  unsignedInt: 5,
  tickSpan: 6,
  tickTime: 7,
  epochMillis: 8,
  address: 9,
  key: 10,
  textKey: 11,
  byte: 16,
  unsignedByte: 17,
  boolean: 18,
  float: 19,
  double: 20,
  text: 21,
  array: 22,
} as const;
export type Operation = (typeof operations)[keyof typeof operations];

/** The fields of an event or constant in the order of the file, one column entry for each slot. */
export interface Layout {
  readonly operation: Uint8Array;
  /** What a number is divided by to be in its unit: 1e9 of nanoseconds. */
  readonly divisor: Float64Array;
  /** Bytes of an integer where integers are not compressed. */
  readonly fixedBytes: Uint8Array;
  /** Ordinal of the type whose pool a key belongs to, or of an array's elements; −1 elsewhere. */
  readonly typeOrdinal: Int32Array;
}

/** One field while a layout is built. */
export interface LayoutStep {
  readonly operation: Operation;
  readonly divisor: number;
  readonly fixedBytes: number;
  readonly typeOrdinal: number;
}

export function layoutOf(steps: readonly LayoutStep[]): Layout {
  return {
    operation: Uint8Array.from(steps, ({ operation }) => operation),
    divisor: Float64Array.from(steps, ({ divisor }) => divisor),
    fixedBytes: Uint8Array.from(steps, ({ fixedBytes }) => fixedBytes),
    typeOrdinal: Int32Array.from(steps, ({ typeOrdinal }) => typeOrdinal),
  };
}
