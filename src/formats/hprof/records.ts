/** Top-level records (HPROF 1.0.x, `hprof_b_spec.h`). */
export const recordTag = {
  utf8: 0x01,
  loadClass: 0x02,
  unloadClass: 0x03,
  frame: 0x04,
  trace: 0x05,
  allocSites: 0x06,
  heapSummary: 0x07,
  startThread: 0x0a,
  endThread: 0x0b,
  heapDump: 0x0c,
  cpuSamples: 0x0d,
  controlSettings: 0x0e,
  heapDumpSegment: 0x1c,
  heapDumpEnd: 0x2c,
} as const;

const knownTags: ReadonlySet<number> = new Set(Object.values(recordTag));

/** Whether a top-level record may start with this byte. */
export function isRecordTag(tag: number): boolean {
  return knownTags.has(tag);
}

/** Records inside a heap dump; those above 0x80 but rootUnknown are Android's (`art/runtime/hprof/hprof.cc`). */
export const heapTag = {
  rootJniGlobal: 0x01,
  rootJniLocal: 0x02,
  rootJavaFrame: 0x03,
  rootNativeStack: 0x04,
  rootStickyClass: 0x05,
  rootThreadBlock: 0x06,
  rootMonitorUsed: 0x07,
  rootThreadObject: 0x08,
  classDump: 0x20,
  instance: 0x21,
  objectArray: 0x22,
  primitiveArray: 0x23,
  rootInternedString: 0x89,
  rootFinalizing: 0x8a,
  rootDebugger: 0x8b,
  rootReferenceCleanup: 0x8c,
  rootVmInternal: 0x8d,
  rootJniMonitor: 0x8e,
  unreachable: 0x90,
  primitiveArrayNoData: 0xc3,
  heapDumpInfo: 0xfe,
  rootUnknown: 0xff,
} as const;

/** HPROF's basic types: size in bytes by type number (2 object: the id size; 4 boolean … 11 long); 0 for no type. */
function typeSizes(idBytes: number): Uint8Array {
  return Uint8Array.of(0, 0, idBytes, 0, 1, 2, 4, 8, 1, 2, 4, 8, 0, 0, 0, 0);
}

export const basicType = {
  object: 2,
  boolean: 4,
  char: 5,
  float: 6,
  double: 7,
  byte: 8,
  short: 9,
  int: 10,
  long: 11,
} as const;

function heapRecordHeads(idBytes: number): Uint8Array {
  const heads = new Uint8Array(256);
  const tag = heapTag;
  for (const alone of [
    tag.rootUnknown,
    tag.rootStickyClass,
    tag.rootMonitorUsed,
    tag.rootInternedString,
    tag.rootFinalizing,
    tag.rootDebugger,
    tag.rootReferenceCleanup,
    tag.rootVmInternal,
    tag.unreachable,
  ]) {
    heads[alone] = 1 + idBytes;
  }
  for (const withOne of [tag.rootNativeStack, tag.rootThreadBlock, tag.heapDumpInfo]) heads[withOne] = 1 + idBytes + 4;
  for (const withTwo of [tag.rootJniLocal, tag.rootJavaFrame, tag.rootThreadObject, tag.rootJniMonitor]) {
    heads[withTwo] = 1 + idBytes + 8;
  }
  heads[tag.rootJniGlobal] = 1 + idBytes * 2;
  heads[tag.classDump] = 1 + idBytes * 7 + 4 + 4 + 2;
  heads[tag.instance] = 1 + idBytes * 2 + 8;
  heads[tag.objectArray] = 1 + idBytes * 2 + 8;
  heads[tag.primitiveArray] = 1 + idBytes + 9;
  heads[tag.primitiveArrayNoData] = 1 + idBytes + 9;
  return heads;
}

/** What the lengths of heap records follow from. */
export interface RecordShapes {
  readonly idBytes: number;
  /** By tag: bytes that say what a record is and how long; 0 for unknown tags. The whole record for roots, the part before the contents for objects. */
  readonly heads: Uint8Array;
  /** Bytes of a value by basic type; 0 for what is no type. */
  readonly sizes: Uint8Array;
}

/** The shapes of heap records with ids of this size. */
export function recordShapes(idBytes: number): RecordShapes {
  return { idBytes, heads: heapRecordHeads(idBytes), sizes: typeSizes(idBytes) };
}

/** Length of the heap record at `at`, whose head is at hand; −1 or −2 for class dumps as `classDumpLength` says. */
export function heapRecordLength(view: DataView, at: number, length: number, shapes: RecordShapes): number {
  const { idBytes, heads, sizes } = shapes;
  const tag = view.getUint8(at);
  const head = heads[tag]!;
  switch (tag) {
    case heapTag.instance:
      return head + view.getUint32(at + head - 4);
    case heapTag.objectArray:
      return head + view.getUint32(at + 1 + idBytes + 4) * idBytes;
    case heapTag.primitiveArray:
      return head + view.getUint32(at + 1 + idBytes + 4) * sizes[view.getUint8(at + head - 1) & 15]!;
    case heapTag.classDump:
      return classDumpLength(view, at, length, shapes);
    default:
      return head;
  }
}

/** Length of a class dump that starts at `at`: −1 when it does not end before `length`, −2 when it holds an unknown type. */
export function classDumpLength(view: DataView, at: number, length: number, { idBytes, sizes }: RecordShapes): number {
  let p = at + 1 + idBytes * 7 + 8;
  if (p + 2 > length) return -1;
  let count = view.getUint16(p);
  p += 2;
  for (; count > 0; count--) {
    if (p + 3 > length) return -1;
    const size = sizes[view.getUint8(p + 2) & 15]!;
    if (size === 0) return -2;
    p += 3 + size;
  }
  if (p + 2 > length) return -1;
  count = view.getUint16(p);
  p += 2;
  for (; count > 0; count--) {
    if (p + idBytes + 1 > length) return -1;
    const size = sizes[view.getUint8(p + idBytes) & 15]!;
    if (size === 0) return -2;
    p += idBytes + 1 + size;
  }
  if (p + 2 > length) return -1;
  p += 2 + view.getUint16(p) * (idBytes + 1);
  return p > length ? -1 : p - at;
}
