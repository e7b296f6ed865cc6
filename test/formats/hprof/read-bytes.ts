import { type ByteSource, memorySource } from "../../../src/bytes/byte-source.ts";
import { type HeapColumns, readHeap, readHistogram } from "../../../src/formats/hprof/read-heap.ts";
import type { HistogramEvidence } from "../../../src/model/heap-evidence.ts";
import type { EdgeLabel } from "../../../src/model/heap-objects.ts";

const options = { sizes: "gaps", refs: "strong", dump: undefined, threads: 1, progress: () => undefined } as const;

/** Reads a dump that is in memory as a graph. */
export function heapFrom(
  bytes: Uint8Array,
  other: { dump?: number; refs?: "mat"; sizes?: "mat" } = {},
): Promise<HeapColumns> {
  return readHeap(memorySource("drawn.hprof", bytes), { ...options, ...other });
}

/** Reads a dump that is in memory by one scan. */
export function histogramFrom(bytes: Uint8Array): Promise<HistogramEvidence> {
  return readHistogram(memorySource("drawn.hprof", bytes), options);
}

/** Instances by class name, of the classes that have any. */
export function instancesOf({ classes, census }: HistogramEvidence): Record<string, number> {
  return Object.fromEntries(
    classes.flatMap(({ name, index }) => (census.instances[index]! > 0 ? [[name, census.instances[index]!]] : [])),
  );
}

/** The ordinal of the object with an id of the file. */
export function ordinalOf({ graph, objects }: HeapColumns, id: number): number {
  for (let ordinal = 1; ordinal <= graph.objectCount; ordinal++)
    if (objects.idOf(ordinal) === `0x${id.toString(16)}`) return ordinal;
  throw new Error(`no object has the id 0x${id.toString(16)}`);
}

/** What an object refers to, in the order of its edges. */
export function targetsOf({ graph }: HeapColumns, ordinal: number): number[] {
  const targets: number[] = [];
  for (let edge = graph.firstEdge[ordinal]!; edge > 0; edge++) {
    targets.push(graph.edgeTo[edge]! & 0x7fffffff);
    if (graph.edgeTo[edge]! < 0) break;
  }
  return targets;
}

/** Why one object holds another. */
export function labelOf({ objects }: HeapColumns, from: number, to: number): EdgeLabel {
  return objects.labels([from], [to])[0]!;
}

/** Counts the bytes that are read from a source. */
export function counted(source: ByteSource): ByteSource & { readonly bytesRead: () => number } {
  let bytesRead = 0;
  return {
    ...source,
    read: (offset, target) => {
      const count = source.read(offset, target);
      bytesRead += count;
      return count;
    },
    bytesRead: () => bytesRead,
  };
}
