import { fieldOf } from "./event-filter.ts";
import type { EventSink, EventType } from "./events.ts";

/** What the JVM or the profiler says it lost. */
export class LossCount {
  /** Of `jdk.DataLoss`. */
  lostBytes = 0;
  /** Samples lost, by the event that they would have been. */
  readonly lostSamples = new Map<string, number>();

  sinkOf(type: EventType): EventSink | undefined {
    if (type.name === "jdk.DataLoss") {
      return this.#sum(type, "amount", (bytes) => {
        this.lostBytes += bytes;
      });
    }
    if (type.name === "jdk.CPUTimeSamplesLost") return this.#samples(type, "lostSamples", "jdk.CPUTimeSample");
    if (type.name === "datadog.WallClockSamplingEpoch") {
      return this.#samples(type, "numFailedSamples", "datadog.MethodSample");
    }
    return undefined;
  }

  #samples(type: EventType, path: string, event: string): EventSink | undefined {
    return this.#sum(type, path, (samples) => {
      this.lostSamples.set(event, (this.lostSamples.get(event) ?? 0) + samples);
    });
  }

  #sum(type: EventType, path: string, add: (value: number) => void): EventSink | undefined {
    const slot = fieldOf(type, path)?.slot;
    if (slot === undefined) return undefined;
    return (slots) => {
      const value = slots[slot]!;
      if (Number.isFinite(value)) add(value);
    };
  }
}
