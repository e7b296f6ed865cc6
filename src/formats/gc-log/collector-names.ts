/** Collectors by what a log calls them after `Using`. */
export const collectorNames: readonly (readonly [RegExp, string])[] = [
  [/^G1/, "G1"],
  [/^The Z Garbage Collector/, "ZGC"],
  [/^Shenandoah/, "Shenandoah"],
  [/^Parallel/, "Parallel"],
  [/^Serial/, "Serial"],
  [/^Concurrent Mark Sweep/, "CMS"],
  [/^Epsilon/, "Epsilon"],
];

const marks: readonly (readonly [RegExp, string])[] = [
  [/G1 |Prepare Mixed|\((?:Mixed|Normal)\)|Concurrent Mark Cycle|PauseRemark/, "G1"],
  [/^(?:Garbage|Minor|Major) Collection|Pause Mark Start|Pause Relocate Start/, "ZGC"],
  [/Pause (?:Init Mark|Final Mark|Init Update|Final Update|Degenerated|Final Roots)/, "Shenandoah"],
  [/Concurrent (?:Sweep|Preclean|Abortable)|CMS/, "CMS"],
];

/** The collector of a log without its head, by what it calls its pauses and causes. */
export function guessCollector(names: readonly string[]): string | undefined {
  return marks.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}
