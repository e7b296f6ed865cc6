/**
 * Every limit from which an analyzer says something, in one place.
 * Shares are of the strongly reachable bytes. Those that other tools use too are marked with where they come from.
 */
export const thresholds = {
  /** Rows of any list in the JSON, and of the class histogram in particular. */
  rows: { list: 100, heldBy: 25, classes: 20_000, threads: 2_000, frames: 64, properties: 2_000 },

  /** Smallest share that is listed as a big object, class, loader or package (Eclipse MAT, top consumers). */
  topConsumerShare: 0.01,

  suspects: {
    /** Eclipse MAT's leak hunter. */
    share: 0.1,
    /** The walk to the accumulation point goes on while the biggest child keeps this share of its parent (MAT, big_drop_ratio). */
    accumulationRatio: 0.7,
    accumulationDepth: 1000,
    /** A group's common path goes on while this share of its instances takes the same step (MAT). */
    groupPathShare: 0.8,
    groupInstances: 10_000,
    /** Members of a group without a common path whose holders are looked at. */
    groupExamples: 32,
    /** What is no growing collection is told of from here on (MAT, find leaks); smaller ones are in the section only. */
    infoShare: 0.2,
    infoBytes: 2 ** 20,
    /** Below this nothing is worth a warning unless the heap is full: a service's own baseline is that big. */
    warningBytes: 16 * 2 ** 20,
    warningShare: 0.3,
    /** The share that is enough when the heap is full or ran out. */
    fullHeapWarningShare: 0.2,
    /** So many objects of one class are a collection and not a handful of parts. */
    alikeEntries: 100,
    /** One collection that is half of a small heap with so many entries is worth a warning too. */
    smallHeapBytes: 2 * 2 ** 20,
    smallHeapEntries: 1_000,
    criticalBytes: 32 * 2 ** 20,
    criticalShare: 0.5,
    criticalEntries: 10_000,
    /** Entries must make up this share of what the suspect retains to be what fills it. */
    entriesShare: 0.5,
    /** Flat data: this share of the suspect in this many objects or fewer is a buffer and not a growing collection. */
    bufferShare: 0.9,
    bufferObjects: 64,
    /** Scattered arrays of this size on average are buffers too. */
    bufferBytes: 64 * 2 ** 10,
    /** Entries that are looked at to tell what they hold. */
    sampledEntries: 64,
  },

  /** Reachable bytes against the maximum heap from which the heap counts as full. */
  fullHeapShare: 0.8,
  /** Below it an OutOfMemoryError was about one request or about other memory than the heap. */
  emptyHeapShare: 0.25,

  reachability: {
    unreachableShare: 0.3,
    softShare: 0.1,
    weakShare: 0.1,
    /** hprof-analyzer: objects that wait for their finalizer. */
    finalizerObjects: 10_000,
    finalizerCriticalObjects: 1_000_000,
    smallestBytes: 16 * 2 ** 20,
  },

  threads: {
    /** hprof-analyzer. */
    count: 1_000,
    retainedShare: 0.1,
    retainedBytes: 16 * 2 ** 20,
  },

  classLoaders: {
    /** So many loaders that each define the same class are a leak of loaders; of web applications there are fewer. */
    copies: 50,
    /** What they retain together. */
    warningShare: 0.1,
    criticalShare: 0.5,
  },

  directMemory: {
    ownedBytes: 64 * 2 ** 20,
    /** Reserved against the limit from which direct memory is about to run out. */
    limitShare: 0.9,
    buffers: 100_000,
  },
} as const;
