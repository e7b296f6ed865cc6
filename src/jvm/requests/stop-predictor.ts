import type { CollectorName } from "../../model/target.ts";
import type { Stop } from "./command-rules.ts";

/** What the time of a stop depends on. */
export interface JvmSize {
  /** Bytes of live objects, or what they can be at most. */
  readonly heapBytes: number;
  readonly threads: number;
}

/**
 * Tells how long a command will stop the JVM's threads: first from figures measured elsewhere, then from what the same
 * command took in this JVM.
 */
export class StopPredictor {
  readonly #collector: CollectorName | undefined;
  /** By command: measured ÷ estimated, the last few times. */
  readonly #factors = new Map<string, number[]>();

  constructor(collector: CollectorName | undefined) {
    this.#collector = collector;
  }

  predictSeconds(command: string, stop: Stop, size: JvmSize): number {
    const factors = this.#factors.get(command);
    return estimateSeconds(stop, this.#collector, size) * (factors === undefined ? 1 : Math.max(...factors));
  }

  /** `seconds`: for how long the threads stood still meanwhile. */
  learn(command: string, stop: Stop, size: JvmSize, seconds: number): void {
    const estimated = estimateSeconds(stop, this.#collector, size);
    if (estimated === 0) return;
    if (!this.#factors.has(command) && this.#factors.size >= mostCommands) return;
    const factors = this.#factors.get(command) ?? [];
    this.#factors.set(command, [...factors.slice(1 - keptFactors), Math.max(seconds / estimated, leastFactor)]);
  }
}

const keptFactors = 5;
/** However cheap it was so far, it will not be for nothing. */
const leastFactor = 0.1;
const mostCommands = 100;

/**
 * Measured on two CPUs with 40 million objects in 1.8 GB, which is many for their size. Looking at each: 0.7 to 1.3 s with
 * G1, 1.4 to 2.6 s with ZGC; with others busy on the CPUs, per gigabyte 1.4 to 2.4 s (G1) and 1.4 to 4.9 s (ZGC), 0.6 to
 * 1.4 s (Serial). Collecting first: 4.9 to 6.2 s in all. Dumping: 9.4 to 10.4 s. Thread.print of 500 threads: 11 to 93 ms.
 * Commands that walk the classes of a small service took 1 to 8 ms; of those that only hold up a safepoint, most less than
 * 120 ms. A command's first estimate is to be rather too long than too short: a refusal costs the service nothing.
 */
function estimateSeconds(stop: Stop, collector: CollectorName | undefined, size: JvmSize): number {
  const gigabytes = size.heapBytes / 1e9;
  switch (stop) {
    case "none":
      return 0;
    case "delay":
      return 0.1;
    case "classes":
      return 0.05;
    case "threads":
      return 0.005 + size.threads * 0.000_2;
    case "heap":
      return 0.01 + gigabytes * (collector === "ZGC" || collector === "Shenandoah" ? 3.5 : 1.5);
    case "collection":
      return 0.05 + gigabytes * 3.5;
    case "dump":
      return 0.1 + gigabytes * 6;
    default:
      return stop satisfies never;
  }
}
