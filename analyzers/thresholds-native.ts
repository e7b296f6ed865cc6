/** Every limit from which an analyzer says something about native memory, in one place; each has its reason. */
export const nativeThresholds = {
  /** Rows of lists in the JSON. */
  rows: { stacks: 500, symbols: 500, frames: 40, pools: 100, growth: 100 },

  /** With fewer samples the error of an estimate (one in the root of the samples) is above a sixth. */
  fewSamples: 30,

  holder: {
    /** Below, it is what a JVM needs itself: libraries, code, symbols, a few decompressors. */
    leastBytes: 64 * 2 ** 20,
    /** Of all live native memory: one place that is a fifth is worth knowing, one that is half is what there is. */
    share: { info: 0.2, warning: 0.5 },
    /** A share of little is little: a warning is about memory that would be missed. */
    warningBytes: 256 * 2 ** 20,
  },

  growth: {
    /** Probability with which a place that does not grow would be said to grow. */
    probability: 0.05,
    /** Growth over the series; below it is what caches and thread-local buffers do. */
    bytes: { info: 8 * 2 ** 20, warning: 32 * 2 ** 20, critical: 2 ** 30 },
    /** Of what it holds at the end: less is a cache that is nearly full. */
    shareOfEnd: 0.1,
    /** The slope of the second half must be at least so much of the whole's: what rises and then stays is a warm-up. */
    lastingShare: 1 / 3,
    /** From so many dumps on, a half is a series too. */
    dumpsForHalves: 6,
    /** Two dumps show a difference and no trend. */
    dumpsForCritical: 4,
  },

  /** Categories of the JVM's own tracking. */
  category: {
    /** Since the baseline or the first report; the JVM itself varies by some mebibytes. */
    growth: { info: 16 * 2 ** 20, warning: 64 * 2 ** 20, critical: 2 ** 30 },
    /** Of what it has now: less is the noise of something big. */
    growthShare: 0.1,
    /** From so many reports on, a line must rise beyond chance. */
    trendReports: 6,
  },

  /** Freed and not given back. A third is more than allocators need to work well; a small process may keep what it likes. */
  retention: { leastBytes: 64 * 2 ** 20, share: { info: 0.2, warning: 0.33 }, warningBytes: 256 * 2 ** 20 },

  /** From malloc and not the JVM's. What the JDK's libraries need at start is some mebibytes. */
  untracked: { bytes: { info: 64 * 2 ** 20, warning: 256 * 2 ** 20, critical: 2 * 2 ** 30 }, shareOfTracked: 0.5 },

  /** glibc makes up to eight arenas for each processor; a few with free memory are normal. */
  arenas: {
    leastArenas: 8,
    leastBytes: 32 * 2 ** 20,
    freeShare: { info: 0.4, warning: 0.6 },
    warningBytes: 256 * 2 ** 20,
  },

  /** A stack needs tens of kibibytes: any huge page in one is 2 MiB for little. */
  stacks: { hugeBytes: { info: 8 * 2 ** 20, warning: 64 * 2 ** 20 } },

  /** Share of live bytes whose stack ends in compiled code that has no name: then the Java callers are missing. */
  unnamedShare: 0.2,
} as const;
