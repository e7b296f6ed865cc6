import { join } from "node:path";
import { TargetError } from "../model/errors.ts";
import type { HotPaths, RecordingState, RecordingToll } from "../model/hot-paths.ts";
import { allows } from "../model/policy.ts";
import type { RecordTarget } from "../model/recorder.ts";
import { BackOff } from "./back-off.ts";
import type { ContinuousOptions, RecordingStatus } from "./continuous-options.ts";
import { HotPathCounts } from "./hot-path-counts.ts";
import { Lease } from "./lease.ts";
import { RecorderClock } from "./recorder-clock.ts";
import { residentBytesOf } from "./recording-cost.ts";
import type { Repository } from "./repository.ts";
import { repositoryBytes } from "./repository.ts";
import { RepositoryTail } from "./repository-tail.ts";

/** After a failure; twice as long after each more. */
const firstRetryMillis = 2_000;
const longestRetryMillis = 60_000;
const stopMillis = 5_000;
const oldestMajor = 17;

/** Records one JVM until `stop`, reads along, and sees that it costs no more than it may. */
export class ContinuousRecording {
  readonly #target: RecordTarget;
  readonly #options: ContinuousOptions;
  readonly #lease: Lease;
  readonly #backOff: BackOff;
  readonly #clock: RecorderClock;
  readonly #counts = new HotPathCounts();
  readonly #ended = new AbortController();
  #tail: RepositoryTail | undefined;
  #readBytes = 0;
  #unreadBytes = 0;
  #readSeconds = 0;
  #cpuSeconds: number | undefined;
  #residentBefore: number | undefined;
  #state: RecordingState = "starting";
  #reason = "it is being started";
  #retryAtMillis = 0;
  #renewAtMillis = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void>;

  constructor(target: RecordTarget, options: ContinuousOptions) {
    this.#target = target;
    this.#options = options;
    this.#lease = new Lease(target, options);
    this.#backOff = new BackOff(options.maxCpuShare);
    this.#clock = new RecorderClock(this.#folder());
    this.#turn = this.#goOn();
  }

  status(): RecordingStatus {
    const { questions } = this.#options;
    const { repository, sinceMillis } = this.#lease;
    return {
      state: this.#state,
      reason: this.#state === "recording" ? "" : this.#reason,
      ...{ questions, repository, sinceMillis, coarseness: this.#backOff.coarseness },
    };
  }

  /** What it told; undefined when it is not up to date. */
  hotPaths(nowMillis: number): HotPaths | undefined {
    const lastNews = this.#tail?.totals().lastNewsMillis;
    const isFresh = lastNews !== undefined && nowMillis - lastNews < Math.max(30_000, 4 * this.#options.tailMillis);
    return this.#state === "recording" && isFresh ? this.#counts.read(nowMillis) : undefined;
  }

  toll(): RecordingToll {
    const { readBytes, unreadBytes } = this.#tail?.totals() ?? { readBytes: 0, unreadBytes: 0 };
    const { repository } = this.#lease;
    const resident = residentBytesOf(this.#folder());
    return {
      cpuSeconds: this.#cpuSeconds,
      writtenBytes: this.#readBytes + readBytes,
      unreadBytes: this.#unreadBytes + unreadBytes,
      diskBytes: repository === undefined ? 0 : repositoryBytes(repository),
      residentGrowthBytes:
        resident === undefined || this.#residentBefore === undefined ? undefined : resident - this.#residentBefore,
      readSeconds: this.#readSeconds,
    };
  }

  /** Ends the recording in the JVM too, where that can still be reached. */
  async stop(): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#timer);
    await this.#turn;
    await this.#end();
  }

  async #end(): Promise<void> {
    try {
      await this.#lease.end(AbortSignal.timeout(stopMillis));
    } catch (error) {
      this.#warn(error, "cannot end a recording; it ends by itself");
    }
  }

  #folder(): string {
    return join(this.#target.procRoot, String(this.#target.live.identity.pid));
  }

  async #goOn(): Promise<void> {
    const nowMillis = Date.now();
    try {
      if (nowMillis >= this.#retryAtMillis) await this.#takeTurn(nowMillis);
    } catch (error) {
      this.#fail(error, nowMillis);
    }
    if (this.#ended.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#goOn();
    }, this.#options.tailMillis);
  }

  async #takeTurn(nowMillis: number): Promise<void> {
    const obstacle = this.#obstacle();
    if (obstacle !== undefined) return this.#leaveAlone("impossible", obstacle, nowMillis + longestRetryMillis);
    if (this.#lease.isDue(nowMillis) && nowMillis >= this.#renewAtMillis) await this.#tryToRenew(nowMillis);
    this.#read(nowMillis);
    this.#cpuSeconds = this.#clock.seconds(nowMillis);
    const excess = this.#backOff.judge(this.#cpuSeconds, nowMillis);
    if (excess !== undefined) await this.#giveWay(excess, nowMillis);
  }

  /** What keeps this JVM from being recorded, whatever is tried. */
  #obstacle(): string | undefined {
    const { live, tmpFolder } = this.#target;
    const { javaMajor, vmName } = live.identity;
    if (!allows(live.policy, "diagnose")) return `it needs the policy diagnose, and it is ${live.policy}`;
    if (tmpFolder !== undefined) {
      return "no process of it can be seen, so neither its files nor what that costs it can be looked at; share its PID namespace (shareProcessNamespace: true)";
    }
    if (javaMajor !== undefined && javaMajor < oldestMajor) {
      return `recordings that are written out while they go on need JDK ${oldestMajor}, and it is ${javaMajor} (${vmName ?? "unknown VM"})`;
    }
    return undefined;
  }

  /** While the one before goes on, a renewal that failed can wait. */
  async #tryToRenew(nowMillis: number): Promise<void> {
    try {
      await this.#renew(nowMillis);
    } catch (error) {
      if (!(error instanceof TargetError) || !this.#lease.isHeld(nowMillis)) throw error;
      this.#renewAtMillis = nowMillis + this.#nextRetryMillis();
      this.#warn(error, "cannot renew a recording yet");
    }
  }

  async #renew(nowMillis: number): Promise<void> {
    const isFirst = this.#state !== "recording";
    if (isFirst) this.#residentBefore ??= residentBytesOf(this.#folder());
    const before = this.#lease.repository?.path;
    await this.#lease.renew({ nowMillis, coarseness: this.#backOff.coarseness, signal: this.#ended.signal });
    this.#clock.lookAgain();
    const { repository } = this.#lease;
    if (this.#tail === undefined || repository?.path !== before) this.#follow(repository!);
    if (isFirst) {
      const { coarseness } = this.#backOff;
      this.#options.log.info({ ...this.#facts(), coarseness, repository: repository?.path }, "recording");
    }
    this.#state = "recording";
    this.#failures = 0;
  }

  #follow(repository: Repository): void {
    const totals = this.#tail?.totals();
    this.#readBytes += totals?.readBytes ?? 0;
    this.#unreadBytes += totals?.unreadBytes ?? 0;
    this.#tail = new RepositoryTail(repository, this.#counts, this.#options.metadata);
  }

  #read(nowMillis: number): void {
    const began = performance.now();
    this.#counts.nowMillis = nowMillis;
    this.#tail?.advance(nowMillis);
    this.#readSeconds += (performance.now() - began) / 1000;
  }

  async #giveWay(share: number, nowMillis: number): Promise<void> {
    const { maxCpuShare } = this.#options;
    const until = this.#backOff.giveWay(nowMillis);
    const minutes = Math.round((until - nowMillis) / 60_000);
    const reason = `its recording threads took ${(share * 100).toFixed(1)} % of a core, and maxCpuShare is ${(maxCpuShare * 100).toFixed(1)} %; it is tried again in ${minutes} min, more coarsely`;
    this.#options.log.warn(
      { ...this.#facts(), share, maxCpuShare, minutes },
      "a recording cost too much and was ended",
    );
    this.#leaveAlone("backed-off", reason, until);
    await this.#end();
  }

  #leaveAlone(state: RecordingState, reason: string, untilMillis: number): void {
    if (state === "impossible" && this.#reason !== reason) {
      this.#options.log.warn({ ...this.#facts(), reason }, "cannot be recorded");
    }
    this.#state = state;
    this.#reason = reason;
    this.#retryAtMillis = untilMillis;
  }

  #fail(error: unknown, nowMillis: number): void {
    if (this.#ended.signal.aborted) return;
    if (!(error instanceof TargetError)) this.#warn(error, "reading a recording failed; this is a bug in jprof");
    const reason = error instanceof Error ? error.message : String(error);
    this.#leaveAlone("impossible", reason, nowMillis + this.#nextRetryMillis());
    this.#lease.forget();
  }

  #nextRetryMillis(): number {
    return Math.min(firstRetryMillis * 2 ** this.#failures++, longestRetryMillis);
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn(
      { ...this.#facts(), error: error instanceof Error ? error.message : String(error) },
      message,
    );
  }

  #facts() {
    const { pid, name } = this.#target.live.identity;
    return { pid, name };
  }
}
