/** Sections of a heap's report. */
export const heapSectionNames = [
  "histogram",
  "dominators",
  "suspects",
  "packages",
  "loaders",
  "threads",
  "reachability",
  "directMemory",
  "jvm",
  "losses",
] as const;

/** Every section that an analyzer gives, as `--include` takes them and the JSON names them. */
export const sectionNames = [
  ...heapSectionNames,
  "profiles",
  "timeline",
  "io",
  "locks",
  "gc",
  "recording",
  "threadDump",
  "threadPools",
  "lockTree",
  "stacks",
  "native",
] as const;
