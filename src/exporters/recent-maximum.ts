const windowMinutes = 3;

/** The greatest of the last minutes, and 0 when there was nothing. */
export class RecentMaximum {
  readonly #byMinute = new Map<number, number>();

  observe(value: number, atMillis: number): void {
    const minute = minuteOf(atMillis);
    this.#byMinute.set(minute, Math.max(this.#byMinute.get(minute) ?? 0, value));
  }

  at(millis: number): number {
    const oldest = minuteOf(millis) - windowMinutes;
    for (const minute of this.#byMinute.keys()) if (minute <= oldest) this.#byMinute.delete(minute);
    return Math.max(0, ...this.#byMinute.values());
  }
}

function minuteOf(millis: number): number {
  return Math.floor(millis / 60_000);
}
