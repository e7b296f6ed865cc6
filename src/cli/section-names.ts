/** Every section that an analyzer gives, as `--include` takes them and the JSON names them. */
export const sectionNames = [
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
