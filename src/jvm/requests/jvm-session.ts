import type { TierStatus } from "../../model/jvm-source.ts";
import type { RequestUsage } from "../../model/target.ts";
import { AttachClient, type AttachResult, type Patience } from "../attach/attach-client.ts";
import type { AttachTarget } from "../attach/attach-target.ts";
import { type CommandBatch, joinBatch, splitBatch } from "../attach/command-batch.ts";
import { type Failure, failure, passingFailure } from "../attach/outcome.ts";
import { whyGone } from "../attach/process-state.ts";
import type { AttachReply } from "../attach/reply.ts";
import { Allowance } from "./allowance.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { commandFailure } from "./command-failure.ts";
import type { CommandRule } from "./command-rules.ts";
import type { ParsedCommand } from "./parsed-command.ts";
import type { RequestLimits } from "./request-limits.ts";
import type { RequestLog } from "./request-log.ts";

/** Commands for one request. */
export interface Run {
  readonly commands: readonly RunCommand[];
  readonly predictedStopSeconds: number;
  readonly deadlineMillis: number;
}

interface RunCommand {
  readonly command: ParsedCommand;
  readonly rule: Pick<CommandRule, "impact"> | undefined;
}

/** What came of them. Those after the answered ones and the one that failed were not run. */
export interface RunResult {
  /** Parallel to the commands. */
  readonly texts: readonly string[];
  /** Why the next one has no text. */
  readonly failed: Failure | undefined;
  /** Whether it is the request that failed, and not one command: then no command has a text. */
  readonly isLost: boolean;
  /** How long the JVM's threads stood still meanwhile; where it does not tell, how long the request took. */
  readonly stoppedSeconds: number;
}

/** Talks with one JVM, and leaves it alone for a while when it does not answer well. */
export class JvmSession {
  readonly #target: AttachTarget;
  readonly #limits: RequestLimits;
  readonly #log: RequestLog;
  readonly #client: AttachClient;
  readonly #breaker: CircuitBreaker;
  readonly #requests: Allowance;
  readonly #closing = new AbortController();
  #isOpen = false;
  #makesMarks = true;
  #batches = 0;

  constructor(target: AttachTarget, limits: RequestLimits, log: RequestLog) {
    this.#target = target;
    this.#limits = limits;
    this.#log = log;
    this.#client = new AttachClient(target, limits);
    this.#breaker = new CircuitBreaker(limits);
    const { requestsPerMinute } = limits;
    this.#requests = new Allowance(Math.max(requestsPerMinute / 4, 2), requestsPerMinute / 60_000, target.now());
  }

  /**
   * Why nothing can be asked now. With `careful`, and of a JVM that is new or failed last time, something cheap is asked
   * first: a command that the JVM's listener has no time for now would be run when nobody waits for it any more.
   */
  async whyNotReady(care: "usual" | "careful"): Promise<Failure | undefined> {
    const open = this.#breaker.whyOpen(this.#target.now());
    if (open !== undefined) return open;
    if (this.#requests.left(this.#target.now()) < 1) {
      return passingFailure("forbidden", `all of requestsPerMinute ${this.#limits.requestsPerMinute} is used up`);
    }
    const isUsual = care === "usual" && this.#isOpen && !this.#breaker.isOnTrial();
    return isUsual ? undefined : this.#probe();
  }

  async #probe(): Promise<Failure | undefined> {
    const getversion = { name: "getversion", text: "getversion options", impact: "low" } as const;
    const finish = this.#log.begin({ request: "probe", commands: [getversion], predictedStopSeconds: 0 });
    const patience = this.#patience(this.#limits.requestMillis);
    const result = await (this.#isOpen ? this.#client.ping(patience) : this.#client.open(patience));
    finish({ result, outcomes: [outcomeOf(result.outcome)], reason: reasonOf(result.outcome) });
    this.#note(result, "quick");
    if (!result.outcome.ok) return result.outcome;
    this.#isOpen = true;
    return undefined;
  }

  /** Sends as many of the commands as the JVM can tell apart in its reply. */
  async run(run: Run): Promise<RunResult> {
    const isMarked = this.#makesMarks && !run.commands.some(({ command }) => readsOn.test(command.name));
    const parts = isMarked ? run.commands : run.commands.slice(0, 1);
    const batch = { commands: parts.map(({ command }) => command.text), nonce: this.#nextNonce() };
    const text = isMarked ? joinBatch(batch) : batch.commands.join("");
    const commands = parts.map(({ command, rule }) => ({ ...command, impact: rule?.impact }));
    const { predictedStopSeconds } = run;
    const finish = this.#log.begin({ request: "jcmd", commands, predictedStopSeconds });
    const result = await this.#client.jcmd(text, this.#patience(run.deadlineMillis));
    this.#note(result, predictedStopSeconds === 0 ? "quick" : "slow");
    const { outcome } = result;
    if (!outcome.ok) {
      const stopped = finish({ result, outcomes: commands.map(() => outcomeOf(outcome)), reason: outcome.reason });
      return { texts: [], failed: outcome, isLost: true, stoppedSeconds: stopped ?? result.seconds };
    }
    const { texts, failed } = await (isMarked
      ? this.#textsOf(batch, outcome.value)
      : textOf(parts[0]?.command.name ?? "", outcome.value));
    if (failed?.suspends) this.#breaker.fail(failed, this.#target.now());
    const outcomes = [...texts.map(() => "answered" as const), ...(failed === undefined ? [] : ["failed" as const])];
    const stopped = finish({ result, outcomes, reason: failed?.reason ?? "" });
    return { texts, failed, isLost: false, stoppedSeconds: stopped ?? result.seconds };
  }

  /** A reply that does not even begin with a mark tells that this JVM makes none: then commands go one by one. */
  async #textsOf(batch: CommandBatch, reply: AttachReply): Promise<Pick<RunResult, "texts" | "failed">> {
    const name = (index: number) => batch.commands[index]?.split(" ")[0] ?? "";
    const { texts, rest, hasMarks } = splitBatch(batch, reply.text);
    if (texts.length === batch.commands.length) return { texts, failed: undefined };
    const gone = await whyGone(this.#target);
    if (gone !== undefined) return { texts, failed: gone };
    if (!hasMarks && reply.status === 0 && rest.includes("\n")) {
      this.#makesMarks = false;
      return { texts: [], failed: undefined };
    }
    return { texts, failed: commandFailure(name(texts.length), rest, reply.status) };
  }

  #nextNonce(): string {
    this.#batches += 1;
    return `jprof-${process.pid}-${this.#batches}`;
  }

  #patience(deadlineMillis: number): Patience {
    return { deadlineMillis, signal: this.#closing.signal };
  }

  /** A listener that is slow in what should take it a millisecond has, or is in, trouble: that counts as a failure. */
  #note(result: AttachResult, expected: "quick" | "slow"): void {
    const nowMillis = this.#target.now();
    if (result.isSent) this.#requests.spend(1, nowMillis);
    if (!result.outcome.ok) {
      this.#breaker.fail(result.outcome, nowMillis);
      return;
    }
    this.#breaker.succeed(nowMillis);
    const tookMillis = Math.round((result.seconds + result.reachSeconds) * 1000);
    if (expected === "slow" || tookMillis <= this.#limits.slowMillis) return;
    this.#breaker.fail(failure("timeout", `the last request took ${tookMillis} ms, more than slowMillis`), nowMillis);
  }

  longestText(): number {
    return this.#client.longestText();
  }

  status(): TierStatus {
    return this.#breaker.status(this.#target.now());
  }

  /** Requests under way are given up. */
  close(): void {
    this.#closing.abort();
  }
}

/** Commands written in Java are handed the rest of the text, and not only of their line (seen on JDK 17 and 25). */
const readsOn = /^JFR\./;

/** The reply to one command that was sent without marks. */
function textOf(name: string, reply: AttachReply): Pick<RunResult, "texts" | "failed"> {
  if (reply.status === 0) return { texts: [reply.text], failed: undefined };
  return { texts: [], failed: commandFailure(name, reply.text, reply.status) };
}

function outcomeOf(outcome: AttachResult["outcome"]): RequestUsage["outcome"] {
  if (outcome.ok) return "answered";
  return outcome.code === "timeout" ? "timeout" : "failed";
}

function reasonOf(outcome: AttachResult["outcome"]): string {
  return outcome.ok ? "" : outcome.reason;
}
