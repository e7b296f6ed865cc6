import type { GcLogRun } from "../../model/gc-log-evidence.ts";
import { collectorNames } from "./collector-names.ts";

/** Lines of several threads are not quite in order; a JVM that is started again is younger by more than this. */
const backwardSeconds = 0.75;
/** A date before the last one by more than this is of another JVM, or of a clock that was set. */
const backwardDateSeconds = 60;
/** More JVMs than this do not follow each other in one log: their lines are mixed. */
const mostRuns = 256;
const mostFacts = 96;

interface OpenRun {
  startSeconds: number;
  endSeconds: number;
  uptimeSeconds: number;
  startMillis: number | undefined;
  collector: string | undefined;
  readonly facts: Map<string, string>;
}

/** The time of the log: that of its JVMs one after the other, in seconds since its first line. */
export class LogClock {
  readonly #runs: OpenRun[] = [];
  #run: OpenRun = newRun(0);
  #lastUptime = Number.NaN;
  #lastMillis = Number.NaN;
  /** Of the line that is read; NaN where lines have no time. */
  now = Number.NaN;
  /** Times that the log jumped back to an earlier JVM. */
  isMixed = false;
  isDateWanted = false;

  constructor() {
    this.#runs.push(this.#run);
  }

  get collector(): string | undefined {
    return this.#run.collector;
  }

  /** Takes a line's time; true when the line is the first one of another JVM. */
  tick(uptime: number, millis: number): boolean {
    const isNew = uptime < this.#lastUptime - backwardSeconds || millis < this.#lastMillis - backwardDateSeconds * 1e3;
    if (isNew) this.restart();
    if (uptime >= 0 || millis >= 0) this.#advance(uptime, millis);
    return isNew;
  }

  /** The date of the line that was just told, asked for once per JVM. */
  dated(millis: number): void {
    if (millis >= 0) this.#run.startMillis = millis;
    this.isDateWanted = false;
  }

  /** Another JVM begins. */
  restart(): void {
    this.#lastUptime = Number.NaN;
    this.#lastMillis = Number.NaN;
    if (this.#runs.length >= mostRuns) this.isMixed = true;
    else {
      this.#run = newRun(this.#run.endSeconds);
      this.#runs.push(this.#run);
    }
  }

  #advance(uptime: number, millis: number): void {
    const run = this.#run;
    if (!(run.uptimeSeconds >= 0) && uptime >= 0) {
      run.uptimeSeconds = uptime;
      this.isDateWanted = true;
    }
    if (run.startMillis === undefined && millis >= 0) run.startMillis = millis;
    const age = uptime >= 0 ? uptime - run.uptimeSeconds : (millis - run.startMillis!) / 1e3;
    this.now = run.startSeconds + age;
    if (this.now > run.endSeconds) run.endSeconds = this.now;
    if (uptime >= 0 && !(uptime < this.#lastUptime)) this.#lastUptime = uptime;
    if (millis >= 0 && !(millis < this.#lastMillis)) this.#lastMillis = millis;
  }

  /** A line of the log's head. `Using G1` of a JVM that has its collector already is another JVM's. */
  fact(name: string, value: string): boolean {
    const collector = name === "Using" ? collectorNames.find(([pattern]) => pattern.test(value))?.[1] : undefined;
    const isNew = collector !== undefined && this.#run.collector !== undefined && this.#run.facts.has("Using");
    if (isNew) this.restart();
    if (collector !== undefined) this.#run.collector = collector;
    if (this.#run.facts.size < mostFacts) this.#run.facts.set(name, value);
    return isNew;
  }

  /** The collector, where the log's head is missing and its lines give it away. */
  guess(collector: string): void {
    this.#run.collector ??= collector;
  }

  factOf(name: string): string | undefined {
    return this.#run.facts.get(name);
  }

  runs(): readonly GcLogRun[] {
    return this.#runs;
  }

  get endSeconds(): number {
    return this.#run.endSeconds;
  }
}

function newRun(startSeconds: number): OpenRun {
  return {
    startSeconds,
    endSeconds: startSeconds,
    uptimeSeconds: Number.NaN,
    startMillis: undefined,
    collector: undefined,
    facts: new Map(),
  };
}
