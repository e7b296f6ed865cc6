/**
 * Every limit from which an analyzer says something about a recording's JVM, in one place. Each has its reason; those that JDK
 * Mission Control uses too are marked (JMC).
 */
export const jvmThresholds = {
  /** Rows of any list in the JSON. */
  rows: 100,

  gc: {
    /** Halted share of the worst 60 s (JMC: 5 and 10 %). A service that stands still a tenth of a minute has lost its tail; a quarter, its capacity. */
    windowSeconds: 60,
    worstRatio: { info: 0.05, warning: 0.1, critical: 0.25 },
    /** Over the whole recording: what a collector's own default goal (G1: 8 % of the time) is about. */
    wholeRatio: { info: 0.04, warning: 0.08, critical: 0.2 },
    /** Below so much, a share says nothing: one pause at the end of three seconds is no habit. */
    judgedSeconds: 10,
    longPause: {
      /** ZGC and Shenandoah promise about 1 and 10 ms: ten times that is a machine that does not let them run. */
      concurrent: { info: 0.02, warning: 0.1, critical: 1 },
      /** Others: 1 s (JMC: INFO) is beyond usual client timeouts, 5 s beyond leases, sessions and failure detectors. */
      stopping: { info: 0.5, warning: 1, critical: 5 },
      /** With a goal (`-XX:MaxGCPauseMillis`), so many times the goal is worth a remark. */
      timesTarget: 3,
    },
    full: {
      /** One full collection that nobody asked for is the collector giving up; three are a habit, or so much of the time. */
      unasked: { warning: 1, critical: 3 },
      criticalRatio: 0.1,
      /** Serial and Parallel clean their old generation only so: it counts when it takes so much of the time. */
      ordinaryRatio: { info: 0.02, warning: 0.05, critical: 0.2 },
      /** Requested ones: a single one is somebody's question; so many are code. */
      requested: { info: 1, warning: 3 },
    },
    stall: {
      /** Share of the time in which at least one thread waits for memory. */
      ratio: { info: 0, warning: 0.01, critical: 0.1 },
      /** One stall is one request that waits. */
      longest: { info: 0, warning: 0.1, critical: 1 },
    },
    liveSet: {
      /** While a program starts, its caches and classes fill the heap. */
      warmUpSeconds: 60,
      /** Share of the recording at most that is warm-up where the start is not known. */
      warmUpShare: 0.25,
      leastSeconds: 20,
      /** Fewer collections than this cannot be told from chance (Kendall, three deviations). */
      leastCollections: 7,
      /** What grows less over the recording than this share of the maximum heap is not told apart from caches that fill. */
      growthShare: 0.03,
      hoursToFull: { warning: 72, critical: 2 },
      /** Caches and write buffers fill for minutes: what was judged for less is a hint, and no alarm. */
      judgedSeconds: { warning: 120, critical: 300 },
    },
    limit: {
      /** A collector that works while the program runs needs room for what is allocated meanwhile. */
      concurrent: { info: 0.65, warning: 0.75, critical: 0.9 },
      stopping: { info: 0.75, warning: 0.85, critical: 0.95 },
      leastCollections: 5,
    },
    starved: {
      /** The JVM reads its CPU time in ticks of 10 ms: shorter collections say nothing. */
      collectionSeconds: 0.02,
      collections: 5,
      realSeconds: 0.5,
      /** Less than this of one CPU during the pauses: not even one thread ran all the time. */
      parallelism: 0.7,
      /** More of the CPU time in the kernel than this: page faults, swapping, huge pages being made. */
      systemShare: 0.5,
    },
    humongous: { collections: 3, share: { info: 0.1, warning: 0.3 }, warningPerMinute: 5 },
    promotion: {
      failures: { info: 1, warning: 3, critical: 30 },
      /** Of what is allocated, so much survives into the old generation, at so many bytes a second. */
      share: 0.2,
      bytesPerSecond: 16 * 2 ** 20,
    },
  },

  safepoint: {
    /** From the request to stop until every thread stands: 10 ms (the JVM's default event threshold) is slow, 100 ms is a visible stall. */
    reach: { info: 0.05, warning: 0.2, critical: 1 },
    reachRatio: { info: 0.005, warning: 0.02, critical: 0.1 },
    /** Of one operation other than a collection's (JMC: 1 and 2 s; a tenth of it is what a p99 shows). */
    operation: { info: 0.1, warning: 1, critical: 5 },
    operationRatio: { info: 0.01, warning: 0.05, critical: 0.2 },
  },

  halted: {
    worstRatio: { info: 0.05, warning: 0.1, critical: 0.25 },
    /** Of the halted time that is not collections: below it the rules of collections say all there is. */
    otherShare: 0.2,
  },

  codeCache: {
    /** Used share of one part: the JVM starts to flush code before it is full. */
    used: { info: 0.8, warning: 0.9 },
    /** Collections that were to make room for code (JDK 20 and later; the sweeper before). */
    collections: { info: 2, warning: 10 },
  },

  deoptimization: {
    windowSeconds: 10,
    /** All methods together; a program that warms up has some tens a second for a while. */
    perSecond: { info: 50, warning: 200 },
    /** Of one method for one reason: HotSpot gives up on an assumption after 100 traps. */
    ofOneMethod: { info: 100, warning: 500 },
  },

  compilation: {
    longestSeconds: { info: 2, warning: 10 },
    failures: 20,
    /** Compilers at work at a time, long after the JVM's start: the optimizing one needs minutes under load. */
    warmUpSeconds: 180,
    busyCompilers: { info: 0.3, warning: 0.8 },
    queue: 1_000,
  },

  classes: {
    /** Until so long after the JVM's start, loading classes is what it has to do. */
    warmUpSeconds: 60,
    /** Classes a second in the second half of the recording. */
    perSecond: { info: 20, warning: 100 },
    /** Classes that were loaded and not unloaded in the second half, per minute. */
    growthPerMinute: { info: 100, warning: 600 },
    /** Loaders of one class: more than a host has applications. */
    sameLoaders: { info: 50, warning: 200 },
    /** So many more at the end than at the start. */
    grownLoaders: 20,
  },

  metaspace: {
    usedOfLimit: { info: 0.8, warning: 0.9, critical: 0.98 },
    leastSeconds: 20,
    growthBytes: 4 * 2 ** 20,
    growthShare: 0.1,
    thresholdCollections: { info: 2, warning: 10 },
  },

  cpu: {
    samples: 10,
    /** Machine busy (share of all CPUs) for so much of the time. */
    busy: 0.9,
    busyTime: { info: 0.25, warning: 0.5 },
    /** Of other processes on average (JMC: 20 and 40 %). */
    others: { info: 0.2, warning: 0.4 },
    /** Of this JVM (JMC: 80 %). */
    jvm: { info: 0.8 },
    /** Of the JVM's CPU time in the kernel, when it uses so much of the machine. */
    kernelShare: { info: 0.4 },
    kernelLeast: 0.1,
    throttledPeriods: { info: 0.02, warning: 0.1, critical: 0.5 },
    /** Per CPU and second; the machine's. */
    contextSwitches: { info: 20_000, warning: 60_000 },
  },

  memory: {
    leastSeconds: 20,
    rssGrowthBytes: 16 * 2 ** 20,
    rssGrowthShare: 0.05,
    /** Heap and direct buffers explain growth when they grew by so much of it. */
    explainedShare: 0.7,
    directOfMax: { info: 0.7, warning: 0.85, critical: 0.95 },
    directGrowthBytes: 4 * 2 ** 20,
    /** Used of the machine (JMC: from 85, 95 %), of the container's limit. */
    machine: { info: 0.9, warning: 0.95, critical: 0.99 },
    container: { info: 0.85, warning: 0.93, critical: 0.98 },
    swapped: { info: 0.1, warning: 0.5 },
  },

  threads: {
    leastSeconds: 20,
    growth: 20,
    growthShare: 0.1,
    /** Started a second: each costs a stack and tens of microseconds. */
    startedPerSecond: { info: 10, warning: 100 },
  },

  leakCandidates: {
    /** Objects that lived through so much of the recording. */
    ageShare: 0.5,
    leastAgeSeconds: 10,
    samples: 3,
    candidates: 5,
  },

  finalizers: {
    waiting: { info: 1_000, warning: 10_000, critical: 100_000 },
    runPerSecond: { info: 100, warning: 1_000 },
  },

  recording: {
    /** Below it, nothing periodic is seen twice: many of the JVM's events come every 10, 30 or 60 s. */
    shortSeconds: 30,
    veryShortSeconds: 10,
    /** References to names that are not in the file: a few are normal, the JVM drops them with full buffers. */
    unresolvedShare: 0.01,
    lostShare: { info: 0, warning: 0.001, critical: 0.1 },
    /** Stacks cut at the JVM's limit of depth (JMC: 1 %). */
    truncatedShare: { info: 0.01, warning: 0.2 },
    /** So near to its throttle, an event's total is too small. */
    throttledShare: 0.8,
  },
} as const;
