import { type AddressIndex, ordinalOfAddress } from "../../bytes/address-index.ts";
import type { HeapRoot, HeapThread, RootKind, StackFrame } from "../../model/heap-evidence.ts";
import type { RootColumns } from "./index-ranges.ts";
import { heapTag } from "./records.ts";
import { sourceClassName } from "./symbols.ts";
import type { HprofOutline } from "./walk.ts";

/** Roots and threads of a dump. Locals of known threads are in `threads`, everything else that is alive by itself in `roots`. */
export interface RootSet {
  readonly roots: readonly HeapRoot[];
  readonly threads: readonly HeapThread[];
}

const kinds: Readonly<Record<number, RootKind>> = {
  [heapTag.rootUnknown]: "unknown",
  [heapTag.rootJniGlobal]: "jniGlobal",
  [heapTag.rootJniLocal]: "jniLocal",
  [heapTag.rootJavaFrame]: "javaFrame",
  [heapTag.rootNativeStack]: "nativeStack",
  [heapTag.rootStickyClass]: "stickyClass",
  [heapTag.rootThreadBlock]: "threadBlock",
  [heapTag.rootMonitorUsed]: "monitorUsed",
  [heapTag.rootThreadObject]: "threadObject",
};

/** Joins the root records that several threads found, in the order of the file. */
export function buildRoots(parts: readonly RootColumns[], addresses: AddressIndex, outline: HprofOutline): RootSet {
  const records = rootRecords(parts, addresses);
  const threads = new Map<
    number,
    { record: HeapRoot; locals: { ordinal: number; frame: number }[]; known: Set<number> }
  >();
  for (const record of records) {
    if (record.kind === "threadObject") threads.set(record.threadSerial, { record, locals: [], known: new Set() });
  }
  const roots: HeapRoot[] = [];
  for (const record of records) {
    const thread = isLocal(record.kind) ? threads.get(record.threadSerial) : undefined;
    if (thread === undefined) roots.push(record);
    else if (!thread.known.has(record.ordinal) && record.ordinal !== thread.record.ordinal) {
      thread.known.add(record.ordinal);
      thread.locals.push({ ordinal: record.ordinal, frame: record.frame });
    }
  }
  const frameOf = frameReader(outline);
  return {
    roots,
    threads: [...threads.values()].map(({ record, locals }) => ({
      serial: record.threadSerial,
      ordinal: record.ordinal,
      frames: (outline.traces.get(record.frame) ?? []).flatMap((id) => frameOf(id) ?? []),
      locals,
    })),
  };
}

function isLocal(kind: RootKind): boolean {
  return kind === "jniLocal" || kind === "javaFrame" || kind === "nativeStack" || kind === "threadBlock";
}

/** Records whose object is in the dump, by file offset. */
function rootRecords(parts: readonly RootColumns[], addresses: AddressIndex): HeapRoot[] {
  const records: { offset: number; root: HeapRoot }[] = [];
  for (const { offset, tag, address, serial, frame } of parts) {
    for (let i = 0; i < offset.length; i++) {
      const ordinal = ordinalOfAddress(addresses, address[i]!);
      if (ordinal === 0) continue;
      const root = { kind: kinds[tag[i]!] ?? "other", ordinal, threadSerial: serial[i]!, frame: frame[i]! };
      records.push({ offset: offset[i]!, root });
    }
  }
  return records.sort((a, b) => a.offset - b.offset).map(({ root }) => root);
}

function frameReader(outline: HprofOutline): (id: number) => StackFrame | undefined {
  const classNames = new Map(outline.loadedClasses.map(({ serial, nameId }) => [serial, nameId]));
  const nameOf = (id: number | undefined) => (id === undefined ? undefined : outline.symbols.text(id));
  return (id) => {
    const frame = outline.frames.get(id);
    if (frame === undefined) return undefined;
    return {
      className: sourceClassName(nameOf(classNames.get(frame.classSerial)) ?? "unknown class"),
      method: nameOf(frame.methodId) ?? "unknown method",
      source: nameOf(frame.sourceId) || undefined,
      line: frame.line,
    };
  };
}
