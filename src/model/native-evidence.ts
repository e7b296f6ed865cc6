import type { Loss } from "./heap-evidence.ts";
import type { StackTable } from "./profile.ts";
import type { Bytes } from "./units.ts";

/** One dump of a sampling allocator; columns by site of the evidence. */
export interface NativeHeapDump {
  readonly name: string;
  readonly fileBytes: Bytes;
  /** When the file was last written; undefined where nothing tells. */
  readonly takenAtMillis: number | undefined;
  /** The dump's number within its process, from the file's name. */
  readonly sequence: number | undefined;
  /** Estimates of what is live, and of all that was ever allocated (zero unless the allocator was told to count it). */
  readonly inuseBytes: Float64Array;
  readonly inuseObjects: Float64Array;
  readonly allocBytes: Float64Array;
  readonly allocObjects: Float64Array;
  /** Live blocks that were seen, on which the estimates rest. */
  readonly samples: Float64Array;
}

/** What the threads of one pool have allocated and is live, in the last dump. */
export interface NativePoolUse {
  readonly pool: string;
  readonly threads: number;
  readonly inuseBytes: Bytes;
  readonly samples: number;
}

/** How many of the addresses on stacks have which kind of name. */
export interface NamedAddresses {
  readonly total: number;
  readonly functions: number;
  /** Java methods of a map of compiled code, and compiled code without one. */
  readonly methods: number;
  readonly unnamedCode: number;
}

/** Dumps of one process's allocator, in order: of one file, or of several joined. */
export interface NativeHeapEvidence {
  readonly file: { readonly name: string; readonly format: string; readonly losses: readonly Loss[] };
  readonly allocator: "jemalloc" | "tcmalloc";
  /** Mean bytes between two samples; undefined where every allocation was seen. */
  readonly periodBytes: Bytes | undefined;
  readonly processId: number | undefined;
  /** The same in all dumps of one process, and in no others: where its code is mapped. Empty where the dump does not tell. */
  readonly processKey: string;
  readonly stacks: StackTable;
  /** Stack by site, −1 where only the allocator's own frames were there. Sites are distinct stacks. */
  readonly siteStack: Int32Array;
  readonly dumps: readonly NativeHeapDump[];
  readonly pools: readonly NativePoolUse[];
  readonly addresses: NamedAddresses;
  /** Map of compiled code that Java frames were named by. */
  readonly perfMap: string | undefined;
  /** Sentences about what is missing or doubtful. */
  readonly notes: readonly string[];
}
