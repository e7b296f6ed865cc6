import type { NamedSum } from "../model/hot-paths.ts";

interface Entry {
  /** Of its own series; of what has none, since the sums were last read. */
  value: number;
  events: number;
  /** What was told of it as `other`. */
  toldValue: number;
  isShown: boolean;
  lastMillis: number;
}

const idleMillis = 1_800_000;
const separator = "\0";
const other = "other";

/**
 * Sums by name, of which the heaviest have series of their own and the rest is one, `other`. Each series only grows: what was told as
 * `other` before a name got its own stays there.
 */
export class NamedSums {
  readonly #parts: number;
  readonly #mostShown: number;
  readonly #mostKnown: number;
  readonly #entries = new Map<string, Entry>();
  #otherValue = 0;
  #otherEvents = 0;

  /** `parts`: how many names make one; `mostShown`: series beside `other`. */
  constructor({ parts, mostShown }: { readonly parts: number; readonly mostShown: number }) {
    this.#parts = parts;
    this.#mostShown = mostShown;
    this.#mostKnown = 20 * mostShown;
  }

  add(names: readonly string[], value: number, nowMillis: number): void {
    const key = names.join(separator);
    let entry = this.#entries.get(key);
    if (entry === undefined && this.#entries.size < this.#mostKnown) {
      entry = { value: 0, events: 0, toldValue: 0, isShown: false, lastMillis: nowMillis };
      this.#entries.set(key, entry);
    }
    if (entry === undefined) {
      this.#otherValue += value;
      this.#otherEvents++;
      return;
    }
    entry.value += value;
    entry.events++;
    entry.lastMillis = nowMillis;
  }

  /** The sums by now, the heaviest first; names that have not come for half an hour go. */
  read(nowMillis: number): readonly NamedSum[] {
    for (const [key, { lastMillis }] of this.#entries)
      if (nowMillis - lastMillis > idleMillis) this.#entries.delete(key);
    this.#admit();
    const shown: NamedSum[] = [];
    for (const [key, entry] of this.#entries) {
      const { value, events, isShown } = entry;
      if (isShown) shown.push({ names: key.split(separator), value, events });
      else this.#tellAsOther(entry);
    }
    shown.sort((a, b) => b.value - a.value);
    if (this.#otherEvents === 0) return shown;
    const names = Array.from({ length: this.#parts }, () => other);
    return [...shown, { names, value: this.#otherValue, events: this.#otherEvents }];
  }

  /** Gives free series to the heaviest names that have none. */
  #admit(): void {
    const waiting = [...this.#entries.values()].filter(({ isShown }) => !isShown);
    const free = this.#mostShown - (this.#entries.size - waiting.length);
    if (free <= 0) return;
    waiting.sort((a, b) => b.toldValue + b.value - a.toldValue - a.value);
    for (const entry of waiting.slice(0, free)) entry.isShown = true;
  }

  #tellAsOther(entry: Entry): void {
    this.#otherValue += entry.value;
    this.#otherEvents += entry.events;
    entry.toldValue += entry.value;
    [entry.value, entry.events] = [0, 0];
  }
}
