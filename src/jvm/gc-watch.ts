import { type HeapKind, heapKindOf } from "../formats/hsperfdata/heap-kind.ts";
import type { PerfLayout } from "../formats/hsperfdata/layout.ts";
import { isUseLive } from "../formats/hsperfdata/memory-pools.ts";
import type { GcActivity } from "../model/gc-event.ts";
import type { PerfCounters } from "../model/target.ts";
import { AllocationWatch } from "./allocation-watch.ts";
import { CounterWindow } from "./counter-window.ts";
import { EventQueue } from "./event-queue.ts";
import type { Finished } from "./finished.ts";
import { type EventName, pauseNamesOf } from "./gc-names.ts";
import { type CollectedScopes, HeapWatch } from "./heap-watch.ts";
import { PauseCounter } from "./pause-counter.ts";
import { ShenandoahWatch } from "./shenandoah-watch.ts";
import { ZgcCycles } from "./zgc-cycles.ts";

/** A watch over the collections of the JVM whose counters these are; undefined when its collector is not known. */
export function gcWatchOf(descriptor: number, layout: PerfLayout, counters: PerfCounters): GcWatch | undefined {
  const kind = heapKindOf(counters);
  if (kind === undefined) return undefined;
  const names = counters.names.filter((name) => watchedCounters.test(name));
  return new GcWatch(new CounterWindow(descriptor, layout, names), counters, kind);
}

const watchedCounters =
  /^sun\.(gc\.(collector\.\d\.(invocations|time|last(Entry|Exit)Time)|generation\.\d\.space\.\d\.(used|capacity)|(lastC|c)ause|tlab\.alloc)|rt\.safepoint(s|Time|SyncTime))$/;

interface NamedCounter {
  readonly name: EventName;
  readonly counter: PauseCounter;
  readonly cycles: ZgcCycles | undefined;
}

/** Looks at a JVM's counters many times a second, and tells the collections that ended between two looks. */
export class GcWatch {
  readonly kind: HeapKind;
  readonly #window: CounterWindow;
  readonly #ticksPerSecond: number;
  readonly #counters: readonly NamedCounter[];
  readonly #shenandoah: ShenandoahWatch | undefined;
  readonly #heap: HeapWatch;
  readonly #allocation: AllocationWatch;
  readonly #queue = new EventQueue();
  readonly #causePlace: number;
  readonly #lastCausePlace: number;
  #unsettled: CollectedScopes = { young: 0, old: 0, whole: 0 };

  constructor(window: CounterWindow, counters: PerfCounters, kind: HeapKind) {
    this.kind = kind;
    this.#window = window;
    this.#ticksPerSecond = counters.number("sun.os.hrt.frequency") || 1e9;
    window.load();
    const isZgc = kind.collector === "ZGC";
    this.#counters = [...pauseNamesOf(kind)].map(([index, name]) => ({
      name,
      counter: new PauseCounter(window, index),
      cycles: isZgc ? new ZgcCycles(name.name === "ZGC Major Pauses" ? 5 : 3) : undefined,
    }));
    this.#shenandoah = kind.collector === "Shenandoah" ? new ShenandoahWatch(window) : undefined;
    this.#heap = new HeapWatch(window, kind);
    this.#allocation = new AllocationWatch(window, kind, isUseLive(kind, counters));
    this.#causePlace = window.placeOf("sun.gc.cause", "text");
    this.#lastCausePlace = window.placeOf("sun.gc.lastCause", "text");
  }

  /** Takes one look. Throws as readSync does when the file cannot be read any more. */
  tick(): void {
    if (!this.#window.load()) return;
    if (this.#hasChanged()) {
      // The first look may be of the middle of a change, the second is of its end.
      if (this.#window.load()) this.#advance();
    } else if (this.#isUnsettled()) this.#settle();
    else {
      this.#heap.look();
      this.#allocation.look();
    }
  }

  /** What happened since the last call. */
  activity(): GcActivity {
    return {
      source: "perf-counters",
      events: this.#queue.take(),
      mergedEvents: this.#queue.mergedEvents,
      lostEvents: this.#queue.lostEvents,
      allocatedBytes: this.#allocation.allocatedBytes,
      allocationQuality: this.#allocation.quality,
      promotedBytes: this.#heap.promotedBytes,
      usedAfterGc: new Map(this.#heap.usedAfterGc),
    };
  }

  #hasChanged(): boolean {
    if (this.#shenandoah?.hasChanged) return true;
    // By index, as it is done many times a second: an iterator makes objects.
    for (let index = 0; index < this.#counters.length; index++) {
      const { counter } = this.#counters[index]!;
      if (counter.hasChanged || counter.isRunning) return true;
    }
    return false;
  }

  #advance(): void {
    const finished: Finished[] = [];
    const sameCause = new Set<EventName>();
    for (const { name, counter, cycles } of this.#counters) {
      const count = counter.advance((parts, durations, end) => finished.push({ name, count: parts, durations, end }));
      if (count === 0) continue;
      this.#unsettled[name.scope] += count;
      const begun = cycles?.begunWith(count) ?? count;
      if (cycles) this.#allocation.cyclesBegan(begun);
      if (begun <= 1) sameCause.add(name);
    }
    const ended = this.#shenandoah?.advance(this.#isUnderWay(), (each) => finished.push(each)) ?? 0;
    this.#unsettled.whole += ended;
    finished.sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
    const last = finished.findLast(({ name }) => name.cause === undefined);
    for (const each of finished) {
      // The JVM tells the cause of the last collection only, which all pauses of one cycle share.
      const hasCause = each === last || (each.name === last?.name && sameCause.has(each.name));
      this.#note(each, hasCause ? this.#lastCause() : "unknown");
    }
    if (this.#isUnsettled()) this.#settle();
  }

  #isUnsettled(): boolean {
    const { young, old, whole } = this.#unsettled;
    return young + old + whole > 0;
  }

  /** Once no collection is under way, what it left behind is in the counters. */
  #settle(): void {
    if (this.#isUnderWay()) return;
    const { young, whole } = this.#unsettled;
    // A full collection of Parallel begins with a young one, between which nothing is allocated.
    this.#allocation.collected({ count: Math.max(young, whole), cause: this.#lastCause() });
    this.#heap.collected(this.#unsettled);
    this.#unsettled = { young: 0, old: 0, whole: 0 };
    for (const { cycles } of this.#counters) cycles?.idle();
  }

  /** Whether a collection, or a cycle of one, is under way. */
  #isUnderWay(): boolean {
    return this.#window.text(this.#causePlace) !== "No GC";
  }

  /** Of the collection under way, or of the last one. */
  #lastCause(): string {
    return this.#window.text(this.#isUnderWay() ? this.#causePlace : this.#lastCausePlace);
  }

  #note({ name, count, durations, end }: Finished, cause: string): void {
    const event = {
      name: name.name,
      action: name.action,
      cause: name.cause ?? cause,
      kind: name.action === "end of GC cycle" ? ("concurrent" as const) : ("pause" as const),
      durationSeconds: durations / count / this.#ticksPerSecond,
      endSeconds: end === undefined ? undefined : end / this.#ticksPerSecond,
    };
    if (count === 1) this.#queue.add(event);
    else this.#queue.addMerged(event, count);
  }
}
