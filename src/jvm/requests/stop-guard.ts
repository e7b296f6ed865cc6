import type { TargetIdentity } from "../../model/target.ts";
import { type Failure, passingFailure } from "../attach/outcome.ts";
import { readLiveProcess } from "../attach/process-state.ts";
import { Allowance } from "./allowance.ts";
import type { CommandRule } from "./command-rules.ts";
import type { ParsedCommand } from "./parsed-command.ts";
import type { RequestLimits } from "./request-limits.ts";
import { type JvmSize, StopPredictor } from "./stop-predictor.ts";

/** Where the guard finds out how big the JVM is. */
export interface GuardedJvm {
  readonly procRoot: string;
  readonly identity: TargetIdentity;
  /** Given where no process of it can be seen. */
  readonly tmpFolder: string | undefined;
  /** Bytes in use in the heap. */
  liveBytes(): number | undefined;
}

/** What is expected of a command that stops the JVM's threads, and whether that is too much. */
export interface StopVerdict {
  readonly size: JvmSize;
  readonly predictedSeconds: number;
  /** Why it must not be sent. */
  readonly refused: Failure | undefined;
}

/** Sees that commands stop a JVM's threads neither too long at once nor too often. */
export class StopGuard {
  readonly #jvm: GuardedJvm;
  readonly #limits: RequestLimits;
  readonly #predictor: StopPredictor;
  readonly #budgetMillis: Allowance;

  constructor(jvm: GuardedJvm, limits: RequestLimits, nowMillis: number) {
    this.#jvm = jvm;
    this.#limits = limits;
    this.#predictor = new StopPredictor(jvm.identity.collector);
    this.#budgetMillis = new Allowance(limits.stopMillisPerHour, limits.stopMillisPerHour / 3_600_000, nowMillis);
  }

  /** Under `intrude` a person has asked for it: it is predicted, but not refused. */
  async judge(command: ParsedCommand, rule: CommandRule, nowMillis: number): Promise<StopVerdict> {
    const size = await this.#readSize();
    const predictedSeconds = this.#predictor.predictSeconds(command.text, rule.stop, size);
    const isLimited = rule.needs !== "intrude" && rule.stop !== "none" && rule.stop !== "delay";
    const refused = isLimited ? this.#whyTooLong(command, predictedSeconds * 1000, nowMillis) : undefined;
    return { size, predictedSeconds, refused };
  }

  /** Takes in what the command was measured to cost. One that failed may have cost less than the next one will. */
  spent(command: ParsedCommand, rule: CommandRule, verdict: StopVerdict, spent: StopSpent): void {
    if (rule.stop === "none") return;
    this.#budgetMillis.spend(spent.seconds * 1000, spent.nowMillis);
    if (!spent.isDone && spent.seconds < verdict.predictedSeconds) return;
    this.#predictor.learn(command.text, rule.stop, verdict.size, spent.seconds);
  }

  #whyTooLong({ text }: ParsedCommand, predictedMillis: number, nowMillis: number): Failure | undefined {
    const { maxStopMillis, stopMillisPerHour } = this.#limits;
    const expected = `${text} is expected to stop the JVM for ${Math.ceil(predictedMillis)} ms`;
    if (predictedMillis > maxStopMillis) {
      return passingFailure("forbidden", `${expected}, and maxStopMillis is ${maxStopMillis}`);
    }
    const leftMillis = this.#budgetMillis.left(nowMillis);
    if (predictedMillis <= leftMillis) return undefined;
    const left = Math.max(Math.floor(leftMillis), 0);
    return passingFailure("forbidden", `${expected}, and ${left} of stopMillisPerHour ${stopMillisPerHour} are left`);
  }

  /** Without a word from the collector, the heap can be as big as all that is resident. */
  async #readSize(): Promise<JvmSize> {
    const { procRoot, identity, tmpFolder } = this.#jvm;
    if (tmpFolder !== undefined) return { ...unseenSize, heapBytes: this.#jvm.liveBytes() ?? unseenSize.heapBytes };
    const live = await readLiveProcess(procRoot, identity);
    const status = live.ok ? live.value : undefined;
    return {
      heapBytes: this.#jvm.liveBytes() ?? status?.residentBytes ?? 0,
      threads: status?.threads ?? 0,
    };
  }
}

/** What is taken for granted of a JVM whose process cannot be seen: rather too much than too little. */
const unseenSize: JvmSize = { heapBytes: 64e9, threads: 2_000 };

/** What a command cost the JVM. */
interface StopSpent {
  /** For how long its threads stood still. */
  readonly seconds: number;
  /** Whether the command was run to its end. */
  readonly isDone: boolean;
  readonly nowMillis: number;
}
