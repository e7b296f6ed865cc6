import type { GcEvent } from "../model/gc-event.ts";

const longest = 10_000;

/** Events that wait to be asked for. When nobody asks, the oldest are given up and counted. */
export class EventQueue {
  #events: GcEvent[] = [];
  #mergedEvents = 0;
  #lostEvents = 0;

  get mergedEvents(): number {
    return this.#mergedEvents;
  }

  get lostEvents(): number {
    return this.#lostEvents;
  }

  add(event: GcEvent): void {
    this.#events.push(event);
    // Given up in blocks, since taking the first of a long array away is slow.
    if (this.#events.length >= longest + longest / 10) this.lose(this.#events.splice(0, longest / 10).length);
  }

  /** Several events of which only the sum is known: each is told as their mean. */
  addMerged(event: GcEvent, count: number): void {
    this.#mergedEvents += count;
    for (let i = 0; i < Math.min(count, longest); i++) this.add(event);
    if (count > longest) this.lose(count - longest);
  }

  lose(count: number): void {
    this.#lostEvents += count;
  }

  /** The events since the last call, oldest first. */
  take(): readonly GcEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
