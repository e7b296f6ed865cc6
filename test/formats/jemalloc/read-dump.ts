import { memorySource, openFile } from "../../../src/bytes/byte-source.ts";
import { type HeapProfile, readHeapProfile } from "../../../src/formats/jemalloc/heap-profile.ts";
import { type NativeHeapRead, readNativeHeap } from "../../../src/formats/jemalloc/read-native-heap.ts";

/** Parses a text as a heap profile. */
export function profileOf(text: string): HeapProfile {
  return readHeapProfile(memorySource("je.7.0.i0.heap", Buffer.from(text)));
}

/** Reads a text as a dump. */
export function dumpOf(text: string, name = "je.7.0.i0.heap"): NativeHeapRead {
  return readNativeHeap(memorySource(name, Buffer.from(text)));
}

/** Reads a file as a dump. */
export function dumpIn(path: string, perfMaps: readonly string[] = []): NativeHeapRead {
  const source = openFile(path);
  try {
    return readNativeHeap(source, { perfMaps });
  } finally {
    source.close();
  }
}

/** The sum of a column. */
export function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0);
}
