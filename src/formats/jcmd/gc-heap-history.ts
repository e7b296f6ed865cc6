import { type HeapInfo, heapInfoOf } from "./heap-info.ts";

/** The heap right before or after a collection. */
export interface GcHeapUse {
  /** Since the JVM began. */
  readonly seconds: number;
  readonly when: "before" | "after";
  /** Collections until then, and the full ones among them. */
  readonly collections: number;
  readonly fullCollections: number;
  readonly heap: HeapInfo;
}

/** The last collections, as `VM.info` tells them: `GC Heap History`, since JDK 25 `GC Heap Usage History`. */
export function gcHeapHistoryOf(lines: readonly string[]): readonly GcHeapUse[] {
  const history: GcHeapUse[] = [];
  const start = lines.findIndex((line) => /^GC Heap (?:Usage )?History /.test(line));
  let event: { readonly seconds: number; readonly head: RegExpExecArray; readonly lines: string[] } | undefined;
  let seconds = 0;
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (line === "") break;
    seconds = Number(/^Event: (\d+\.\d+) /.exec(line)?.[1] ?? seconds);
    const head = /\{heap (before|after) gc invocations=(\d+) \(full (\d+)\)/i.exec(line);
    if (head) event = { seconds, head, lines: [] };
    else if (line !== "}") event?.lines.push(line);
    else if (event) history.push(heapUseOf(event.seconds, event.head, event.lines));
  }
  return history;
}

function heapUseOf(seconds: number, head: RegExpExecArray, lines: readonly string[]): GcHeapUse {
  const [, when = "", collections, fullCollections] = head;
  return {
    seconds,
    when: when.toLowerCase() === "before" ? "before" : "after",
    collections: Number(collections),
    fullCollections: Number(fullCollections),
    heap: heapInfoOf(lines),
  };
}
