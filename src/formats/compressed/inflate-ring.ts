/** Slots through which a worker hands decompressed bytes to a thread that reads synchronously. */
export interface InflateRing {
  /** Counters by `ringState`. */
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly slots: Uint8Array<SharedArrayBuffer>;
}

export const slotBytes = 1 << 20;
export const slotCount = 4;

/** Positions in `state`; the bytes of each slot follow from `lengths` on. `outcome`: 0 running, 1 ended, 2 damaged. */
export const ringState = { produced: 0, consumed: 1, outcome: 2, reasonBytes: 3, lengths: 4 } as const;

export function createRing(): InflateRing {
  return {
    state: new Int32Array(new SharedArrayBuffer((ringState.lengths + slotCount) * 4)),
    slots: new Uint8Array(new SharedArrayBuffer(slotBytes * slotCount)),
  };
}
