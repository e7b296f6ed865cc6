/** How an allocator chose the blocks that it saw, and so by what their counts are to be multiplied. */
export interface Sampling {
  /** Each byte is as likely as any other (`poisson`), every so many bytes give one (`uniform`), or all are seen (`none`). */
  readonly method: "poisson" | "uniform" | "none";
  /** Mean bytes between two samples. */
  readonly periodBytes: number;
}

/**
 * The factor by which the counts of blocks of this mean size are to be multiplied: a block of `x` bytes is seen with a probability of
 * `1 − e^(−x / period)`. Counts of different stacks must not be added up before.
 */
export function scaleOf(objects: number, bytes: number, { method, periodBytes }: Sampling): number {
  if (objects === 0 || periodBytes === 0 || method === "none") return 1;
  const ratio = bytes / objects / periodBytes;
  if (method === "poisson") return ratio === 0 ? 1 : 1 / (1 - Math.exp(-ratio));
  return ratio > 0 && ratio < 1 ? 1 / ratio : 1;
}

/** What tcmalloc takes a sample of unless told otherwise. */
const oldPeriodBytes = 128 * 1024;

/**
 * Sampling by the header of older profiles, `heap profile: n: bytes [n: bytes] @ heap_v2/524288`: those of `heapprofile` and of growth see
 * everything; `heap_v2` names the mean distance, `heap` twice that. Without a name all counts are of live blocks when both pairs are equal.
 */
export function samplingOfHeader(type: string | undefined, period: number, arePairsEqual: boolean): Sampling {
  if (type === undefined || type === "") {
    return arePairsEqual ? { method: "uniform", periodBytes: oldPeriodBytes } : { method: "none", periodBytes: 0 };
  }
  if (type === "heapprofile" || !type.includes("heap")) return { method: "none", periodBytes: 0 };
  if (type.includes("_v2")) return { method: "poisson", periodBytes: period || oldPeriodBytes };
  return { method: "uniform", periodBytes: period / 2 || oldPeriodBytes };
}
