import { byProperty, numberIn } from "../../formats/jolokia/values.ts";
import type { Answer } from "../../model/answer.ts";
import type { GcActivity, GcEvent } from "../../model/gc-event.ts";
import type { MBeanRead } from "../../model/target.ts";
import { gcMeaningOf } from "./gc-names.ts";

/** What {@link GcByMBeans} must be told of, in this order. */
export const gcReads: readonly MBeanRead[] = [
  {
    mbean: "java.lang:type=GarbageCollector,name=*",
    attributes: ["CollectionCount", "CollectionTime", "LastGcInfo"],
  },
  { mbean: "java.lang:type=MemoryPool,name=*", attributes: ["CollectionUsage"] },
  { mbean: "java.lang:type=Threading", attributes: ["TotalThreadAllocatedBytes"] },
];

/** Collections of one collector between two looks that are told one by one; more are counted as lost. */
const mostEvents = 10_000;

interface Totals {
  readonly collections: number;
  readonly millis: number;
  readonly lastId: number | undefined;
}

const none: Totals = { collections: 0, millis: 0, lastId: undefined };

/**
 * What the collector did, from successive readings of its MBeans: for JVMs without perf counters. They count in milliseconds, and only the
 * last collection before a look is told by itself; of the others between two looks the mean is.
 */
export class GcByMBeans {
  #totals: ReadonlyMap<string, Totals> | undefined;
  #allocatedAtFirst: number | undefined;
  #mergedEvents = 0;
  #lostEvents = 0;

  /** Takes the answers to {@link gcReads}. The first reading tells no events: it is what the next is measured by. */
  accept(answers: readonly Answer<unknown>[]): Answer<GcActivity> {
    const [collectors, pools, threading] = answers;
    if (collectors === undefined || !collectors.ok) {
      return collectors ?? { ok: false, code: "failed", reason: "the MBeans of the collector were not read" };
    }
    const beans = byProperty(collectors.value, "name");
    const events = beans.flatMap(([name, bean]) => this.#eventsOf(name, bean));
    this.#totals = new Map(beans.map(([name, bean]) => [name, totalsOf(bean)]));
    const hasCollected = [...this.#totals.values()].some(({ collections }) => collections > 0);
    const allocatedBytes = this.#allocatedBytes(threading);
    return {
      ...collectors,
      value: {
        source: "mbeans",
        events: events.sort((a, b) => (a.endSeconds ?? 0) - (b.endSeconds ?? 0)),
        mergedEvents: this.#mergedEvents,
        lostEvents: this.#lostEvents,
        allocatedBytes,
        allocationQuality: allocatedBytes === undefined ? undefined : "exact",
        promotedBytes: undefined,
        usedAfterGc: hasCollected && pools?.ok ? usedAfterGcOf(pools.value) : new Map(),
      },
    };
  }

  #eventsOf(name: string, bean: unknown): readonly GcEvent[] {
    const before = this.#totals === undefined ? undefined : (this.#totals.get(name) ?? none);
    const now = totalsOf(bean);
    const collections = before === undefined ? 0 : now.collections - before.collections;
    if (before === undefined || collections <= 0) return [];
    const meaning = { name, ...gcMeaningOf(name), cause: "unknown" };
    const last = now.lastId === before.lastId ? undefined : lastCollectionOf(bean);
    const others = collections - (last === undefined ? 0 : 1);
    const told = Math.min(others, mostEvents);
    const otherMillis = Math.max(0, now.millis - before.millis - (last?.durationMillis ?? 0));
    const mean = { ...meaning, durationSeconds: otherMillis / Math.max(1, others) / 1000, endSeconds: undefined };
    // A single collection's mean is its own duration.
    if (collections > 1) this.#mergedEvents += told;
    this.#lostEvents += others - told;
    const events = new Array<GcEvent>(told).fill(mean);
    if (last === undefined) return events;
    return [...events, { ...meaning, durationSeconds: last.durationMillis / 1000, endSeconds: last.endSeconds }];
  }

  #allocatedBytes(threading: Answer<unknown> | undefined): number | undefined {
    const total = threading?.ok ? numberIn(threading.value, "TotalThreadAllocatedBytes") : undefined;
    if (total === undefined || total < 0) return undefined;
    this.#allocatedAtFirst ??= total;
    return total - this.#allocatedAtFirst;
  }
}

function totalsOf(bean: unknown): Totals {
  return {
    collections: Math.max(0, numberIn(bean, "CollectionCount") ?? 0),
    millis: Math.max(0, numberIn(bean, "CollectionTime") ?? 0),
    lastId: numberIn(bean, "LastGcInfo", "id"),
  };
}

interface LastCollection {
  readonly durationMillis: number;
  readonly endSeconds: number | undefined;
}

function lastCollectionOf(bean: unknown): LastCollection | undefined {
  const durationMillis = numberIn(bean, "LastGcInfo", "duration");
  const endMillis = numberIn(bean, "LastGcInfo", "endTime");
  if (durationMillis === undefined) return undefined;
  return { durationMillis, endSeconds: endMillis === undefined ? undefined : endMillis / 1000 };
}

function usedAfterGcOf(pools: unknown): ReadonlyMap<string, number> {
  const used = byProperty(pools, "name").flatMap(([name, pool]) => {
    const bytes = numberIn(pool, "CollectionUsage", "used");
    return bytes === undefined ? [] : [[name, bytes] as const];
  });
  return new Map(used);
}
