import type { Bytes } from "../../model/units.ts";
import { bytesAfter, countAfter } from "./quantity.ts";
import { expectReplyOf, linesOf } from "./reply.ts";

/** One segment of the code cache, or all of it. */
export interface CodeHeap {
  /** As its MemoryPoolMXBean names it: `CodeHeap 'profiled nmethods'`, or `CodeCache` where it has no segments. */
  readonly name: string;
  readonly sizeBytes: Bytes;
  readonly usedBytes: Bytes;
  readonly maxUsedBytes: Bytes;
  readonly freeBytes: Bytes;
  /** How far it has grown of `sizeBytes`, by its bounds; undefined where the text tells none. */
  readonly committedBytes: Bytes | undefined;
}

/** What `Compiler.codecache` prints. Amounts are rounded to 1 KiB, but for the committed ones. */
export interface CodeCache {
  readonly heaps: readonly CodeHeap[];
  readonly blobs: number | undefined;
  readonly nmethods: number | undefined;
  readonly adapters: number | undefined;
  /** How often it was full. */
  readonly fullCount: number | undefined;
  /** Whether methods are compiled; undefined where the text does not tell. */
  readonly isCompiling: boolean | undefined;
  /** `disabled (not enough contiguous free space left)` */
  readonly compilation: string | undefined;
  readonly stoppedCount: number | undefined;
  readonly restartedCount: number | undefined;
}

/** The reply to `Compiler.codecache`, JDK 8 to 25; JDK 25 writes commas, and a sum below the segments. */
export function parseCodeCache(text: string): CodeCache {
  const lines = linesOf(text);
  expectReplyOf("Compiler.codecache", lines);
  return codeCacheOf(lines);
}

/** The same, of lines that are known to tell of the code cache, such as those in `VM.info`. */
export function codeCacheOf(lines: readonly string[]): CodeCache {
  const lineWith = (label: string) => lines.find((line) => line.includes(label)) ?? "";
  const state = /^ *[Cc]ompilation: ([^,]*)/.exec(lineWith("ompilation: "))?.[1]?.trimEnd();
  return {
    heaps: heapsOf(lines),
    blobs: countAfter(lineWith(" total_blobs="), " total_blobs="),
    nmethods: countAfter(lineWith(" nmethods="), " nmethods="),
    adapters: countAfter(lineWith(" adapters="), " adapters="),
    fullCount: countAfter(lineWith(" full_count="), " full_count="),
    isCompiling: state && state.length > 0 ? state === "enabled" : undefined,
    compilation: state || undefined,
    stoppedCount: countAfter(lineWith("stopped_count="), "stopped_count="),
    restartedCount: countAfter(lineWith("restarted_count="), "restarted_count="),
  };
}

function heapsOf(lines: readonly string[]): readonly CodeHeap[] {
  const heaps = lines.flatMap((line, index) => heapOf(line, lines[index + 1] ?? "") ?? []);
  const segments = heaps.filter(({ name }) => name !== "CodeCache");
  return segments.length > 0 ? segments : heaps;
}

/** `CodeHeap 'non-nmethods': size=5692Kb used=1023Kb max_used=1034Kb free=4668Kb`, and on the next line its bounds. */
function heapOf(line: string, nextLine: string): CodeHeap | undefined {
  const name = /^(CodeCache|CodeHeap '[^']*'): size=/.exec(line)?.[1];
  if (name === undefined) return undefined;
  const [sizeBytes, usedBytes, maxUsedBytes, freeBytes] = ["size=", " used=", " max_used=", " free="].map((label) =>
    bytesAfter(line, label),
  );
  if (sizeBytes === undefined || usedBytes === undefined || maxUsedBytes === undefined || freeBytes === undefined) {
    return undefined;
  }
  return { name, sizeBytes, usedBytes, maxUsedBytes, freeBytes, committedBytes: committedOf(nextLine) };
}

/** ` bounds [low, end of committed, end of reserved]` */
function committedOf(line: string): Bytes | undefined {
  const bounds = /^ bounds \[(0x[0-9a-f]+), (0x[0-9a-f]+), /.exec(line);
  return bounds ? Number(bounds[2]) - Number(bounds[1]) : undefined;
}
