import type { HeapKind } from "../formats/hsperfdata/heap-kind.ts";
import type { GcHeapUse } from "../formats/jcmd/gc-heap-history.ts";
import { parseVmEvents, type VmEvents, type VmOperation } from "../formats/jcmd/vm-events.ts";
import type { GcActivity, GcEvent } from "../model/gc-event.ts";
import { EventQueue } from "./event-queue.ts";
import { type EventName, pauseNamesOf, shenandoahPause, zgcCycleName } from "./gc-names.ts";
import { HeapByEvents } from "./heap-by-events.ts";

/** What is wanted: all that the events tell, or only the cycles of a concurrent collector, which counters do not. */
export type EventScope = "all" | "cycles";

/**
 * Tells new collections by what `VM.events` printed each time it was asked. The JVM writes down the heap before and after every collection,
 * except Shenandoah's, and every operation of the VM thread, to the millisecond; it keeps the last ones, and numbers collections, so that
 * those that were overwritten between two questions are counted.
 */
export class GcByEvents {
  readonly #scope: EventScope;
  readonly #queue = new EventQueue();
  readonly #heap = new HeapByEvents();
  #isFirst = true;
  #kind: HeapKind | undefined;
  #lastUse: GcHeapUse | undefined;
  #lastOperation: VmOperation | undefined;
  #begun: GcHeapUse[] = [];
  #majorStartSeconds: number | undefined;
  #isMajorYoung = false;
  #collections = 0;
  #fullCollections = 0;

  constructor(scope: EventScope) {
    this.#scope = scope;
  }

  /** Takes the reply to `VM.events`. Of the first one, only the end counts. Throws FormatError when it is something else. */
  take(text: string): void {
    const events = parseVmEvents(text);
    this.#kind ??= kindOf(events);
    const found: GcEvent[] = [];
    const uses = newOnes(events.heapHistory, this.#lastUse, isSameUse);
    if (uses.length === events.heapHistory.length) this.#noteGap(uses);
    for (const use of uses) this.#note(use, events.operations, found);
    this.#lastUse = events.heapHistory.at(-1) ?? this.#lastUse;
    found.push(...this.#stops(events.operations));
    if (!this.#isFirst) {
      found.sort((a, b) => (a.endSeconds ?? 0) - (b.endSeconds ?? 0));
      for (const event of found) this.#queue.add(event);
    }
    if (this.#isFirst) this.#heap.forget();
    this.#isFirst = false;
  }

  /** Whether nothing was told by which the collector could be known. */
  get isSilent(): boolean {
    return this.#kind === undefined;
  }

  /** What happened since the last call. */
  activity(): GcActivity {
    return {
      source: "attach",
      events: this.#queue.take(),
      mergedEvents: this.#queue.mergedEvents,
      lostEvents: this.#queue.lostEvents,
      ...this.#heap.totals(),
    };
  }

  /** What was known last is overwritten, and so may be more. */
  #noteGap(uses: readonly GcHeapUse[]): void {
    const first = uses.find(({ when }) => when === "after");
    if (!this.#isFirst && first) this.#queue.lose(Math.max(0, first.collections - this.#collections - 1));
    this.#begun = [];
    this.#heap.noteGap();
  }

  #note(use: GcHeapUse, operations: readonly VmOperation[], found: GcEvent[]): void {
    if (use.when === "before") {
      this.#begun.push(use);
      this.#heap.before(use);
      return;
    }
    // Serial of JDK 17 does not count a full collection that follows a young one at once.
    const isOldPart = this.#kind?.collector === "ZGC" && use.collections <= this.#collections;
    if (isOldPart) this.#noteOldEnd(use, operations, found);
    else this.#noteEnd(use, operations, found);
  }

  /** The end of a collection, or of the young part of a major one of ZGC. */
  #noteEnd(use: GcHeapUse, operations: readonly VmOperation[], found: GcEvent[]): void {
    const isFull = use.fullCollections > this.#fullCollections;
    this.#collections = use.collections;
    this.#fullCollections = use.fullCollections;
    const begin = this.#begun.pop();
    if (!this.#isFirst && begin === undefined) this.#queue.lose(1);
    this.#heap.after(use, isFull);
    if (this.#kind === undefined || begin === undefined) return;
    const { collector, generational } = this.#kind;
    const pauseName = pauseNamesOf(this.#kind).get(isFull ? 1 : 0);
    if (collector === "ZGC" && generational && isFull) this.#majorStartSeconds = begin.seconds;
    else if (collector === "ZGC")
      found.push(cycleEvent(zgcCycleName(generational, false), begin.seconds, use.seconds, operations));
    else if (pauseName && this.#scope === "all") {
      const cause = operations.find((operation) => isAround(operation, begin, use))?.cause;
      found.push(pauseEvent(pauseName, begin.seconds, use.seconds, cause));
    }
  }

  /** The end of the old part of a major collection of ZGC, which has no number of its own. */
  #noteOldEnd(use: GcHeapUse, operations: readonly VmOperation[], found: GcEvent[]): void {
    const begin = this.#begun.shift();
    const start = this.#majorStartSeconds ?? begin?.seconds;
    this.#majorStartSeconds = undefined;
    this.#heap.after(use, true);
    if (start !== undefined) found.push(cycleEvent(zgcCycleName(true, true), start, use.seconds, operations));
  }

  /** Stops of the program for which there is no heap before and after. */
  #stops(operations: readonly VmOperation[]): readonly GcEvent[] {
    const kind = this.#kind;
    if (this.#scope !== "all" || kind === undefined) return [];
    const ended = operations.filter(({ endSeconds }) => endSeconds !== undefined);
    const fresh = newOnes(ended, this.#lastOperation, isSameOperation);
    // How many are missing is not known; that some are, is told by one.
    if (this.#lastOperation && fresh.length === ended.length && ended.length > 0) this.#queue.lose(1);
    this.#lastOperation = ended.at(-1) ?? this.#lastOperation;
    return fresh.flatMap((operation) => {
      const { startSeconds, endSeconds, cause } = operation;
      const name = this.#stopName(operation, kind);
      return name && endSeconds !== undefined ? [pauseEvent(name, startSeconds, endSeconds, cause)] : [];
    });
  }

  /** What a stop is called; undefined for one that is no collection's, or whose collection the heap's history tells. */
  #stopName({ name, isSafepoint }: VmOperation, kind: HeapKind): EventName | undefined {
    if (isSafepoint === false) return undefined;
    if (kind.collector === "G1") return /^G1(Pause|Concurrent)/.test(name) ? pauseNamesOf(kind).get(2) : undefined;
    if (kind.collector === "Shenandoah") return name.startsWith("Shenandoah") ? shenandoahPause : undefined;
    if (kind.collector !== "ZGC" || !/^Z(Mark|Relocate)(Start|End)/.test(name)) return undefined;
    // A major collection begins with the young generation, whose operations are named as those of a minor one.
    if (name.startsWith("ZMarkStart")) this.#isMajorYoung = name.includes("Old");
    const isMajor = this.#isMajorYoung || name.includes("Old");
    if (name.startsWith("ZRelocateStartYoung")) this.#isMajorYoung = false;
    return pauseNamesOf(kind).get(kind.generational && !isMajor ? 0 : 2);
  }
}

function kindOf({ heapHistory, operations }: VmEvents): HeapKind | undefined {
  const collector = heapHistory.at(-1)?.heap.collector;
  const hasOldCycles = heapHistory.some(({ when }, index) => {
    const [before, after] = [heapHistory[index - 1], heapHistory[index]];
    return when === "after" && before?.when === "before" && before.collections === after?.collections;
  });
  if (collector !== undefined) {
    const hasGenerations = hasOldCycles || operations.some(({ name }) => /^ZMark\w+(Young|Old)/.test(name));
    return { collector, generational: collector === "ZGC" && hasGenerations };
  }
  const isShenandoah = operations.some(({ name }) => name.startsWith("Shenandoah"));
  return isShenandoah ? { collector: "Shenandoah", generational: false } : undefined;
}

function pauseEvent(name: EventName, startSeconds: number, endSeconds: number, cause: string | undefined): GcEvent {
  return {
    name: name.name,
    action: name.action,
    cause: name.cause ?? cause ?? "unknown",
    kind: "pause",
    durationSeconds: roundedToMillis(endSeconds - startSeconds),
    endSeconds,
  };
}

/** The cause of a cycle is told with the first operation that it makes. */
function cycleEvent(
  name: EventName,
  startSeconds: number,
  endSeconds: number,
  operations: readonly VmOperation[],
): GcEvent {
  const first = operations.find((operation) => operation.startSeconds >= startSeconds && operation.cause !== undefined);
  const cause = first && first.startSeconds <= endSeconds ? first.cause : undefined;
  return { ...pauseEvent(name, startSeconds, endSeconds, cause), kind: "concurrent" };
}

/** Those after the last one that was seen; all of them when it is not there any more. */
function newOnes<T>(all: readonly T[], last: T | undefined, isSame: (a: T, b: T) => boolean): readonly T[] {
  const seen = last === undefined ? -1 : all.findLastIndex((each) => isSame(each, last));
  return all.slice(seen + 1);
}

function isSameUse(a: GcHeapUse, b: GcHeapUse): boolean {
  return a.seconds === b.seconds && a.when === b.when && a.collections === b.collections;
}

function isSameOperation(a: VmOperation, b: VmOperation): boolean {
  return a.startSeconds === b.startSeconds && a.endSeconds === b.endSeconds && a.name === b.name;
}

/** Whether a collection was made by this operation. */
function isAround({ startSeconds, endSeconds }: VmOperation, begin: GcHeapUse, end: GcHeapUse): boolean {
  return startSeconds <= begin.seconds && (endSeconds ?? Number.POSITIVE_INFINITY) >= end.seconds;
}

function roundedToMillis(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
