import type { EventSink, EventType } from "../formats/jfr/events.ts";
import type { LiveNames } from "../formats/jfr/live-constants.ts";
import type { LiveVisitor } from "../formats/jfr/live-tail.ts";
import type { HotPaths } from "../model/hot-paths.ts";
import { poolOf } from "../model/thread-pool.ts";
import { NamedSums } from "./named-sums.ts";
import { RecentSeconds } from "./recent-seconds.ts";
import { RecentShares } from "./recent-shares.ts";

/** Series of each kind beside the one that sums up the rest. */
const mostPools = 20;
const mostMethods = 30;
const mostClasses = 20;
const unknown = "unknown";

const slowKinds: Readonly<Record<string, string>> = {
  "jdk.FileRead": "file.read",
  "jdk.FileWrite": "file.write",
  "jdk.SocketRead": "socket.read",
  "jdk.SocketWrite": "socket.write",
};

/** Locks of java.util.concurrent; what else threads park for is mostly work to come. */
const lockClass = /(Lock\$(Nonfair|Fair)?Sync|StampedLock)$/;

/** Sums up the events of a recording as they come. */
export class HotPathCounts implements LiveVisitor {
  readonly #cpuShares = new RecentShares(mostMethods);
  readonly #cpuSamples = new NamedSums({ parts: 1, mostShown: mostPools });
  readonly #allocated = new NamedSums({ parts: 1, mostShown: mostPools });
  readonly #lockWaits = new NamedSums({ parts: 2, mostShown: mostClasses });
  readonly #slowOperations = new NamedSums({ parts: 1, mostShown: Object.keys(slowKinds).length });
  readonly #fsync = { count: 0, seconds: 0 };
  readonly #fsyncSeconds = new RecentSeconds();
  readonly #pinned = { count: 0, seconds: 0 };
  #exceptions: number | undefined;
  #lostBytes = 0;
  /** When what is told now was read. */
  nowMillis = 0;

  sinkOf(type: EventType, names: LiveNames): EventSink | undefined {
    const slotOf = (path: string) => type.fields.find((field) => field.path === path)?.slot ?? -1;
    switch (type.name) {
      case "jdk.ExecutionSample":
        return this.#sampleSink(slotOf("sampledThread"), slotOf("stackTrace"), names);
      case "jdk.ObjectAllocationSample":
        return this.#allocationSink(slotOf("eventThread"), slotOf("weight"), names);
      case "jdk.JavaMonitorEnter":
        return this.#lockSink({ kind: "monitor", classSlot: slotOf("monitorClass"), type }, names);
      case "jdk.ThreadPark":
        return this.#lockSink({ kind: "park", classSlot: slotOf("parkedClass"), type }, names);
      case "jdk.FileForce":
        return durationSink(type, (seconds) => this.#addFsync(seconds));
      case "jdk.VirtualThreadPinned":
        return durationSink(type, (seconds) => {
          this.#pinned.count++;
          this.#pinned.seconds += seconds;
        });
      case "jdk.ExceptionStatistics":
        return numberSink(slotOf("throwables"), (throwables) => {
          this.#exceptions = Math.max(throwables, this.#exceptions ?? 0);
        });
      case "jdk.DataLoss":
        return numberSink(slotOf("amount"), (bytes) => {
          this.#lostBytes += bytes;
        });
      default:
        return this.#slowSink(type);
    }
  }

  /** Everything so far. */
  read(nowMillis: number): HotPaths {
    this.#cpuShares.forgetBefore(nowMillis);
    return {
      takenAtMillis: this.nowMillis,
      cpuShares: this.#cpuShares.read(),
      cpuSamples: this.#cpuSamples.read(nowMillis),
      allocated: this.#allocated.read(nowMillis),
      lockWaits: this.#lockWaits.read(nowMillis),
      fsync: { ...this.#fsync },
      fsyncP99Seconds: this.#fsyncSeconds.p99(nowMillis),
      slowOperations: this.#slowOperations.read(nowMillis),
      pinned: { ...this.#pinned },
      exceptions: this.#exceptions,
      lostBytes: this.#lostBytes,
    };
  }

  #sampleSink(threadSlot: number, stackSlot: number, names: LiveNames): EventSink {
    const poolOfThread = poolsBy(names);
    return (slots) => {
      const pool = poolOfThread(slots[threadSlot]!);
      this.#cpuSamples.add([pool], 1, this.nowMillis);
      this.#cpuShares.add([pool, names.leafMethod(slots[stackSlot]!) ?? unknown], this.nowMillis);
    };
  }

  #allocationSink(threadSlot: number, weightSlot: number, names: LiveNames): EventSink {
    const poolOfThread = poolsBy(names);
    return (slots) => this.#allocated.add([poolOfThread(slots[threadSlot]!)], slots[weightSlot]!, this.nowMillis);
  }

  #lockSink(lock: { kind: "monitor" | "park"; classSlot: number; type: EventType }, names: LiveNames): EventSink {
    const duration = durationSlotOf(lock.type);
    return (slots) => {
      const className = names.className(slots[lock.classSlot]!) ?? unknown;
      const seconds = slots[duration]!;
      if ((lock.kind === "park" && !lockClass.test(className)) || !(seconds >= 0)) return;
      this.#lockWaits.add([lock.kind, className], seconds, this.nowMillis);
    };
  }

  #slowSink(type: EventType): EventSink | undefined {
    const kind = slowKinds[type.name];
    if (kind === undefined) return undefined;
    return durationSink(type, (seconds) => this.#slowOperations.add([kind], seconds, this.nowMillis));
  }

  #addFsync(seconds: number): void {
    this.#fsync.count++;
    this.#fsync.seconds += seconds;
    this.#fsyncSeconds.add(seconds, this.nowMillis);
  }
}

function poolsBy(names: LiveNames): (threadIndex: number) => string {
  const pools: string[] = [];
  return (index) => {
    if (!(index >= 0)) return unknown;
    const known = pools[index];
    if (known !== undefined) return known;
    const thread = names.thread(index);
    if (thread === undefined) return unknown;
    const pool = thread.name === "" && !thread.isVirtual ? "unnamed" : poolOf(thread.name);
    pools[index] = pool;
    return pool;
  };
}

function durationSlotOf(type: EventType): number {
  return type.fields.find(({ path }) => path === "duration")?.slot ?? -1;
}

function durationSink(type: EventType, add: (seconds: number) => void): EventSink {
  return numberSink(durationSlotOf(type), add);
}

function numberSink(slot: number, add: (value: number) => void): EventSink {
  return (slots) => {
    const value = slots[slot];
    if (value !== undefined && value >= 0 && Number.isFinite(value)) add(value);
  };
}
