/** A file that a process has mapped. */
export interface MappedFile {
  /** As the process sees it. */
  readonly path: string;
  /** Whether the file was deleted or replaced since. */
  readonly isDeleted: boolean;
}

/** What /proc/PID/maps says about a JVM in the process. */
export interface MappedVm {
  readonly kind: "hotspot" | "openj9";
  /** `libjvm.so`, or OpenJ9's own library. */
  readonly library: MappedFile;
  /** The file with perf counters, which HotSpot maps when it shares them. */
  readonly perfFile: MappedFile | undefined;
}

const deletedMark = " (deleted)";

/** Finds the JVM in the text of /proc/PID/maps: its library is the proof of it. OpenJ9 maps a `libjvm.so` of its own, too. */
export function findVm(maps: Buffer): MappedVm | undefined {
  const openj9 = fileNamed(maps, "/libj9vm", /\/libj9vm\d*\.so$/);
  if (openj9) return { kind: "openj9", library: openj9, perfFile: undefined };
  const library = fileNamed(maps, "/libjvm.so", /\/libjvm\.so$/);
  if (!library) return undefined;
  return { kind: "hotspot", library, perfFile: fileNamed(maps, "/hsperfdata_", /\/hsperfdata_[^/]*\/\d+$/) };
}

/** The first mapped file whose path holds `part` and fits the pattern; only such lines are decoded. */
function fileNamed(maps: Buffer, part: string, pattern: RegExp): MappedFile | undefined {
  for (let at = maps.indexOf(part); at >= 0; at = maps.indexOf(part, at + part.length)) {
    const start = maps.lastIndexOf("\n", at) + 1;
    const end = maps.indexOf("\n", at);
    const line = maps.toString("utf8", start, end < 0 ? maps.length : end);
    const slash = line.indexOf("/");
    const shown = line
      .slice(slash)
      .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    const isDeleted = shown.endsWith(deletedMark);
    const path = isDeleted ? shown.slice(0, -deletedMark.length) : shown;
    if (pattern.test(path)) return { path, isDeleted };
  }
  return undefined;
}
