import { join } from "node:path";
import { TargetError } from "../model/errors.ts";
import type { RecordTarget } from "../model/recorder.ts";
import { ask } from "./ask.ts";
import { type ContinuousQuestion, continuousSettings } from "./continuous-settings.ts";
import { oneLine, recordingNames } from "./recording-names.ts";
import type { Repository } from "./repository.ts";
import { TargetFolder } from "./target-folder.ts";

/** What is recorded, and how much of it is kept. */
export interface LeaseOptions {
  readonly questions: readonly ContinuousQuestion[];
  readonly maxBytes: number;
  readonly ageSeconds: number;
}

/** How a recording is begun or renewed. */
export interface Renewal {
  readonly nowMillis: number;
  readonly coarseness: number;
  readonly signal: AbortSignal;
}

interface Held {
  readonly name: string;
  readonly startedMillis: number;
}

/**
 * A recording that ends by itself when nobody renews it. A JVM cannot be told to record for longer than it was asked to, so each renewal
 * begins another recording while the one before goes on until its time is over: between them they always have the last `ageSeconds`.
 * When a recording ends the JVM would write it to a file, for which it is given /dev/null; the chunks are what is read.
 */
export class Lease {
  readonly #target: RecordTarget;
  readonly #options: LeaseOptions;
  readonly #folder: TargetFolder;
  #held: Held[] = [];
  /** Of the names that this jprof gives; set as soon as a recording may have begun. */
  #ownPrefix: string | undefined;
  repository: Repository | undefined;

  constructor(target: RecordTarget, options: LeaseOptions) {
    this.#target = target;
    this.#options = options;
    this.#folder = new TargetFolder(target);
  }

  /** Since when there is a recording without a gap, as far as its age allows; undefined without one. */
  get sinceMillis(): number | undefined {
    return this.#held[0]?.startedMillis;
  }

  isDue(nowMillis: number): boolean {
    const newest = this.#held.at(-1);
    return newest === undefined || nowMillis - newest.startedMillis >= (this.#options.ageSeconds / 2) * 1000;
  }

  /** Whether a recording goes on without being renewed. */
  isHeld(nowMillis: number): boolean {
    const newest = this.#held.at(-1);
    return newest !== undefined && nowMillis - newest.startedMillis < this.durationSeconds * 1000;
  }

  /** Begins a recording, and the first time ends what a jprof that was killed has left. Throws TargetError. */
  async renew({ nowMillis, coarseness, signal }: Renewal): Promise<void> {
    const before = this.#held.length === 0 ? recordingNames(await ask(this.#target, "JFR.check", signal)) : [];
    const name = await this.#start(coarseness, signal);
    const prefix = this.#ownPrefix!;
    const orphans = before.filter((other) => other.startsWith(prefix) || this.#folder.isOrphan(other));
    const { durationSeconds } = this;
    this.#held = [
      ...this.#held.filter(({ startedMillis }) => nowMillis - startedMillis < durationSeconds * 1000),
      { name, startedMillis: nowMillis },
    ];
    for (const orphan of orphans) await ask(this.#target, `JFR.stop name=${orphan}`, signal);
    this.repository = this.#repositoryOf(await ask(this.#target, "JFR.configure", signal));
  }

  /** Ends what is still going on. */
  async end(signal: AbortSignal): Promise<void> {
    this.forget();
    const prefix = this.#ownPrefix;
    if (prefix === undefined) return;
    const running = recordingNames(await ask(this.#target, "JFR.check", signal));
    for (const name of running) if (name.startsWith(prefix)) await ask(this.#target, `JFR.stop name=${name}`, signal);
    this.#ownPrefix = undefined;
  }

  /** It is to be begun anew: nothing is known of what is going on. */
  forget(): void {
    this.#held = [];
  }

  get durationSeconds(): number {
    return Math.ceil(1.5 * this.#options.ageSeconds);
  }

  async #start(coarseness: number, signal: AbortSignal): Promise<string> {
    const { identity } = this.#target.live;
    const { questions, maxBytes, ageSeconds } = this.#options;
    const { javaMajor } = identity;
    const settings = this.#folder.write("jfc", continuousSettings({ questions, javaMajor, coarseness }));
    const name = settings.inside.replace(/^.*\//, "").replace(/\.jfc$/, "");
    this.#ownPrefix = name.slice(0, name.lastIndexOf("-") + 1);
    const command = [
      `JFR.start name=${name} settings=${settings.inside} disk=true maxage=${Math.ceil(ageSeconds)}s maxsize=${maxBytes}`,
      `duration=${this.durationSeconds}s flush-interval=1s filename=/dev/null`,
    ].join(" ");
    try {
      const reply = await ask(this.#target, command, signal);
      if (/^Started recording/m.test(reply)) return name;
      throw new TargetError(`JFR.start in process ${identity.pid}: ${oneLine(reply)}`);
    } finally {
      this.#folder.clear();
    }
  }

  #repositoryOf(reply: string): Repository {
    const { pid, uid } = this.#target.live.identity;
    const path = /^Repository path: (\/.*)$/m.exec(reply)?.[1];
    if (path === undefined)
      throw new TargetError(`JFR.configure in process ${pid} names no repository: ${oneLine(reply)}`);
    return { root: join(this.#target.procRoot, String(pid), "root"), path, uid };
  }
}
