import type { Bytes } from "./units.ts";

/** Mappings of one use, added up. */
export interface MemoryUse {
  /** `Java heap`, `thread stacks`, `libraries`, `malloc arenas` */
  readonly use: string;
  readonly mappings: number;
  readonly virtualBytes: Bytes;
  readonly residentBytes: Bytes;
  /** Changed pages that no other process shares; undefined where the file does not tell. */
  readonly privateDirtyBytes: Bytes | undefined;
  /** In transparent huge pages. */
  readonly hugeBytes: Bytes | undefined;
}

/** Part of an allocator that threads share. */
export interface AllocatorArena {
  readonly name: string;
  /** Taken from the kernel, and of it given out to nobody. */
  readonly systemBytes: Bytes;
  readonly freeBytes: Bytes;
}

/** What an allocator says of itself. */
export interface AllocatorUse {
  readonly name: "glibc" | "jemalloc";
  /** Given out and not freed. */
  readonly allocatedBytes: Bytes;
  /** Kept of what was freed. */
  readonly freeBytes: Bytes;
  readonly arenas: readonly AllocatorArena[];
  /** Of jemalloc alone. */
  readonly jemalloc:
    | {
        readonly version: string;
        readonly activeBytes: Bytes;
        readonly metadataBytes: Bytes;
        readonly residentBytes: Bytes;
        readonly mappedBytes: Bytes;
        readonly retainedBytes: Bytes;
        readonly isBackgroundThread: boolean | undefined;
        readonly canProfile: boolean | undefined;
      }
    | undefined;
}

/** Memory of a process as the kernel, the JVM or the allocator tells it; what is not told is undefined or empty. */
export interface ProcessMemoryEvidence {
  readonly file: { readonly name: string; readonly format: string };
  readonly residentBytes: Bytes | undefined;
  readonly proportionalBytes: Bytes | undefined;
  readonly anonymousBytes: Bytes | undefined;
  readonly fileBytes: Bytes | undefined;
  readonly swapBytes: Bytes | undefined;
  readonly uses: readonly MemoryUse[];
  readonly allocator: AllocatorUse | undefined;
  /** What the JVM's own tracking counts of malloc, and all that it has committed. */
  readonly trackedMallocBytes: Bytes | undefined;
  readonly trackedBytes: Bytes | undefined;
  /** Milliseconds between two times that the JVM gives memory back by itself. */
  readonly trimMillis: number | undefined;
  readonly notes: readonly string[];
}
