/**
 * Every limit from which an analyzer of profiles and events says something. `threads` are threads lost on average: seconds of all
 * threads together against seconds of the recording. `share` is of the time of the threads concerned.
 */
export const hotThresholds = {
  /** Rows of any list in the JSON. */
  rows: { frames: 100, stacks: 50, stackFrames: 64, pools: 20, groups: 200, findings: 5, bins: 3_600 },

  cpu: {
    /** JDK Mission Control's knee: 3.33 % of the five threads that the sampler looks at in each period. Below it no method is worth the time of a person. */
    kneeThreads: 0.0333 * 5,
    /** So many samples before a share means anything: with 50, a share of 30 % is known to ±13 %. */
    samples: 50,
    infoShare: 0.1,
    /** Every service has a hottest method; a third of all the time in one is more than a balanced one has. */
    warningShare: 0.3,
    warningThreads: 0.33,
    /** A library's work is told of from a smaller share on: regular expressions, exceptions or logging are seldom what a service is for. */
    namedWarningShare: 0.2,
    /** Work that many frames share is told of by its path, when it is this part of the time. */
    pathShare: 0.5,
    /** A step of the hot path is taken while the heaviest callee keeps this share of its caller. */
    pathStepShare: 0.5,
    /** Used when the recording does not tell how often it sampled: JFR's default. */
    intervalSeconds: 0.02,
  },

  alloc: {
    samples: 50,
    siteShare: 0.2,
    infoBytesPerSecond: 64 * 2 ** 20,
    /** One site that allocates so much makes a collector of any kind work for it alone. */
    warningBytesPerSecond: 256 * 2 ** 20,
    warningShare: 0.3,
    /** Mission Control says so from 20 % on; a rate is needed too, since boxes of an idle service are nothing. */
    boxingShare: 0.2,
    boxingInfoBytesPerSecond: 16 * 2 ** 20,
    boxingWarningBytesPerSecond: 64 * 2 ** 20,
    /** Mission Control, TLAB allocation ratio. */
    outsideShare: 0.2,
    outsideBytesPerSecond: 16 * 2 ** 20,
    /** Of the smallest region of G1 (1 MiB), half: an object from there on may be humongous. */
    humongousBytes: 512 * 2 ** 10,
    humongousPerSecond: 1,
  },

  lock: {
    events: 10,
    infoThreads: 0.05,
    infoShare: 0.02,
    /** Half a thread of the service stands still, and those that come here lose a tenth of their time. */
    warningThreads: 0.5,
    warningShare: 0.1,
    criticalThreads: 2,
    criticalShare: 0.5,
    /** A convoy: the queue is hardly ever empty, and is a queue of several. */
    convoyCoverage: 0.5,
    convoyThreads: 3,
    convoyMeanThreads: 1.5,
  },

  io: {
    events: 5,
    /** Fewer have no p99. */
    tailEvents: 20,
    infoSeconds: 0.1,
    /** Mission Control: a single read or write of 2 s is worth a word, one of 4 s a warning. */
    longestInfoSeconds: 2,
    longestWarningSeconds: 4,
    warningShare: 0.2,
    warningTotalSeconds: 1,
    /** Mission Control, socket rules: 275 ms and 2 s. */
    socketInfoSeconds: 0.275,
    socketWarningSeconds: 2,
    fsync: {
      /** A log that is synced in groups needs no more than some per second. */
      perSecond: 20,
      stormPerSecond: 100,
      warningShare: 0.1,
      criticalShare: 0.5,
      /** One thread that does nothing but sync in the background hurts only when it is saturated. */
      backgroundShare: 0.5,
      /** Mission Control: one fsync of 50 ms is worth a word; a device that often takes that long is not well. */
      slowSeconds: 0.05,
      slowWarningSeconds: 0.2,
    },
    small: {
      bytes: 512,
      operations: 1_000,
      perSecond: 200,
      /** When one thread makes so many system calls a second, they are what it does. */
      warningPerSecond: 2_000,
    },
  },

  threads: {
    loopEvents: 3,
    loopInfoShare: 0.01,
    loopWarningShare: 0.05,
    loopCriticalShare: 0.3,
    /** Every connection of the loop waits so long. */
    loopLongestSeconds: 0.1,
    pinnedEvents: 3,
    pinnedInfoThreads: 0.01,
    pinnedWarningThreads: 0.1,
    pinnedCriticalThreads: 1,
    /** Producers that wait for room, threads on average. */
    queueInfoThreads: 0.05,
    queueWarningThreads: 0.5,
    rejections: 1,
    /** A pool is busy when its threads idle less than this. */
    idleShare: 0.1,
  },

  exceptions: {
    infoPerSecond: 500,
    /** Mission Control: 5,000/s and 10,000/s, from which the cost is plain without a profile. */
    warningPerSecond: 5_000,
    /** With a profile that shows what they cost, a rate of this is enough. */
    costlyPerSecond: 200,
    costlyShare: 0.05,
    /** Mission Control, errors per minute. */
    errorsInfoPerMinute: 30,
    errorsWarningPerMinute: 60,
  },

  slowWindow: {
    binSeconds: 1,
    /** Recordings shorter than this are cut finer, so that a window has an edge. */
    shortSeconds: 30,
    shortBinSeconds: 0.25,
    windows: 3,
    /** A window stands out: this many times the median, and at least so many threads. */
    timesMedian: 3,
    threads: 0.5,
    /** Stopped for so much of a second, everything is slow. */
    stoppedShare: 0.3,
    /** Windows that are this close are one. */
    gapBins: 2,
    /** A thread is slowed when it loses this share of the window. */
    threadShare: 0.2,
    /** Below this a verdict is not worth a person's time. */
    lostSeconds: 1,
    seconds: 1,
    lostShare: 0.3,
    warningShare: 0.5,
    /** A window that is longer than this part of the recording is no window but how the service runs. */
    transientShare: 0.6,
    causes: 5,
  },
} as const;
