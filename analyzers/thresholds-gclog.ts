/** Every limit from which an analyzer says something that only a log of collections tells, each with its reason. */
export const gcLogThresholds = {
  /** Rows of any list in the JSON. */
  rows: 100,
  /** Collections one by one, when they are asked for. */
  events: 10_000,
  bins: 120,

  goal: {
    /** A goal that one pause in a thousand misses is missed; one in a hundred is a bad p99. */
    missed: { info: 0, warning: 0.001, critical: 0.01 },
    /** Lost time against what the goal allows. */
    lost: { info: 1, warning: 1.5, critical: 3 },
    /** Of a timeout, so much in one pause leaves no time for the answer itself. */
    timeout: { info: 0.33, warning: 0.5, critical: 1 },
  },

  cycles: {
    /** A collector that works for so much of the time has no reserve for a peak. */
    share: { info: 0.3, warning: 0.5, critical: 0.8 },
    leastSeconds: 30,
    leastCycles: 5,
  },

  survivors: {
    collections: 10,
    /** Share of young collections after which objects grow old early. */
    lowered: 0.5,
    /** Of what is allocated, at so many bytes a second. */
    promotedShare: 0.02,
    promotedBytesPerSecond: 2 * 2 ** 20,
  },

  pacing: { share: { info: 0.01, warning: 0.05, critical: 0.2 } },

  references: {
    /** Of all pauses. */
    share: { info: 0.2, warning: 0.4 },
    totalSeconds: 0.2,
    longest: { info: 0.1, warning: 0.5 },
  },

  stopExcess: {
    /** A stop that is so much longer than the collections in it. */
    seconds: { info: 0.1, warning: 0.5, critical: 5 },
    share: 0.5,
  },

  sizing: {
    /** Of the memory that the JVM sees, which the heap does not have for itself: threads, code, metadata and buffers need theirs. */
    ofMemory: { info: 0.8, warning: 0.9, critical: 1 },
    /** Without -Xmx, the JVM takes a quarter. */
    ergonomics: 0.25,
    ergonomicsTolerance: 0.01,
  },

  unparsed: { share: { info: 0, warning: 0.01 } },
} as const;

/**
 * Within what times others wait for an answer by default, shortest first: of a pause that is longer, they make a failure.
 */
export const knownTimeouts: readonly { readonly name: string; readonly seconds: number }[] = [
  { name: "a client that waits 1 s", seconds: 1 },
  { name: "Kinesis lease of 10 s, renewed each third", seconds: 3.3 },
  { name: "AWS SDK or HTTP client, 5 s", seconds: 5 },
  { name: "ZooKeeper session of 6 s", seconds: 6 },
  { name: "Cassandra's failure detector, some 10 s", seconds: 10 },
  { name: "ZooKeeper session of a Kafka broker, 18 s", seconds: 18 },
  { name: "Kafka replica lag and fetch, 30 s", seconds: 30 },
  { name: "Kafka consumer session, 45 s", seconds: 45 },
];
