/** Every limit from which an analyzer of thread dumps says something. */
export const threadLimits = {
  /** Rows of lists in the JSON, and frames of a stack there. */
  rows: { threads: 2_000, pools: 500, stacks: 200, trees: 50, branches: 100, names: 8, frames: 64, shownFrames: 12 },

  /** Findings of one rule. */
  findings: 10,

  blocked: {
    /** So many behind one holder are worth a warning; fewer meet at a lock by chance. */
    waiters: 5,
    /** So few are enough when the same holder keeps them in so many dumps. */
    lastingWaiters: 2,
    lastingDumps: 3,
    criticalWaiters: 10,
    /** In one dump. */
    criticalWaitersAtOnce: 50,
  },

  pool: {
    /** Smaller ones are all busy at once by chance. */
    threads: 5,
    /** Of its threads, in the same place. */
    share: 0.9,
    criticalDumps: 3,
  },

  /** A thread that waits with no more frames of the program than this is a loop that waits for work. */
  idleFrames: 5,
  /** The same where it takes from a queue. */
  idleQueueFrames: 12,

  stuck: {
    dumps: 3,
    seconds: 5,
    /** One that used so much meanwhile moved and came back. */
    cpuSeconds: 0.02,
    /** So many threads in one place. */
    threads: 3,
  },

  /** Of one processor, from the first to the last dump; a thread that runs in one place in every dump may have been kept from the processor. */
  loopShare: 0.1,
  hotShare: 0.5,
  /** In one dump, processor time is known since the start of the thread only. */
  hotSinceStartShare: 0.8,
  hotSinceStartSeconds: 10,
  /** Of all processor time, used by the collector's threads. */
  collectorShare: 0.5,
  collectorProcessors: 0.5,

  count: {
    /** As of heap dumps. */
    threads: 1_000,
    growth: 50,
    growthShare: 0.2,
    growthDumps: 3,
  },
} as const;
