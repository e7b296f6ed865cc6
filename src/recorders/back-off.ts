import { mostCoarseness } from "./continuous-settings.ts";

/** The share is taken over at least so long: what loading the recorder takes at first is no measure. */
const windowMillis = 60_000;
const firstPauseMillis = 600_000;
const longestPauseMillis = 7_200_000;

/** Judges what recording costs, and makes it cost less or nothing when that is too much. */
export class BackOff {
  readonly #maxShare: number;
  #begun: { readonly seconds: number; readonly millis: number } | undefined;
  #times = 0;
  /** 0 is finest. */
  coarseness = 0;

  constructor(maxShare: number) {
    this.#maxShare = maxShare;
  }

  /** The share of a core when it was too much over the last minute; `cpuSeconds` of the recording threads so far. */
  judge(cpuSeconds: number | undefined, nowMillis: number): number | undefined {
    if (cpuSeconds === undefined) return undefined;
    this.#begun ??= { seconds: cpuSeconds, millis: nowMillis };
    const { seconds, millis } = this.#begun;
    if (nowMillis - millis < windowMillis) return undefined;
    this.#begun = { seconds: cpuSeconds, millis: nowMillis };
    const share = (cpuSeconds - seconds) / ((nowMillis - millis) / 1000);
    return share > this.#maxShare ? share : undefined;
  }

  /** Until when nothing is to be recorded; twice as long each time. */
  giveWay(nowMillis: number): number {
    const pause = Math.min(firstPauseMillis * 2 ** this.#times, longestPauseMillis);
    this.#times++;
    this.coarseness = Math.min(this.coarseness + 1, mostCoarseness);
    this.#begun = undefined;
    return nowMillis + pause;
  }
}
