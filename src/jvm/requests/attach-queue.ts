import type { Answer } from "../../model/answer.ts";
import type { TierStatus } from "../../model/jvm-source.ts";
import { allows, type Policy } from "../../model/policy.ts";
import type { RequestUsage } from "../../model/target.ts";
import { type Failure, failure, passingFailure } from "../attach/outcome.ts";
import type { AttachQueueOptions } from "./attach-queue-options.ts";
import { type CommandRule, knownRule } from "./command-rules.ts";
import { DeclaredImpacts } from "./declared-impacts.ts";
import { JvmSession, type RunResult } from "./jvm-session.ts";
import { type ParsedCommand, parseCommand } from "./parsed-command.ts";
import { type PendingCommand, PendingCommands, refusalOf, settle, settleWithError } from "./pending-commands.ts";
import { defaultLimits, type RequestLimits } from "./request-limits.ts";
import { RequestLog } from "./request-log.ts";
import { StopGuard } from "./stop-guard.ts";

/** What would become of a command. */
export interface CommandPreview {
  /** Undefined where the JVM would be asked first what the command is. */
  readonly rule: CommandRule | undefined;
  readonly predictedStopSeconds: number;
  /** Why it would not be sent; undefined where it would be. */
  readonly refused: string | undefined;
}

/** Everything that is asked of one JVM over attach: one request at a time, within policy, limits and budget. */
export interface AttachQueue {
  /** Commands asked for in the same turn of the event loop travel together, as far as they stop nothing. */
  jcmd(command: string, signal: AbortSignal): Promise<Answer<string>>;
  /** Tells what `jcmd` would do, and sends nothing. */
  preview(command: string): Promise<CommandPreview>;
  usage(): readonly RequestUsage[];
  status(): TierStatus;
  /** Requests under way and those waiting are given up. */
  close(): void;
}

/** Asks nothing until it is asked to. */
export function createAttachQueue(options: AttachQueueOptions): AttachQueue {
  return new JvmQueue(options);
}

class JvmQueue implements AttachQueue {
  readonly #policy: Policy;
  readonly #limits: RequestLimits;
  readonly #now: () => number;
  readonly #log: RequestLog;
  readonly #session: JvmSession;
  readonly #guard: StopGuard;
  readonly #pending = new PendingCommands();
  readonly #impacts = new DeclaredImpacts();
  #isRunning = false;
  #isClosed = false;

  constructor(options: AttachQueueOptions) {
    const { identity, kind, tmpFolder, procRoot = "/proc", now = Date.now } = options;
    this.#policy = options.policy;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#now = now;
    this.#log = new RequestLog({
      identity,
      policy: options.policy,
      audit: (entry) => options.audit(entry),
      stoppedSeconds: () => options.stoppedSeconds(),
      now,
    });
    const canAttach = () => options.canAttach?.();
    const onSignal = () => this.#log.signalled();
    const target = { procRoot, identity, kind, tmpFolder, canAttach, onSignal, now };
    this.#session = new JvmSession(target, this.#limits, this.#log);
    const liveBytes = () => options.liveBytes();
    this.#guard = new StopGuard({ procRoot, identity, tmpFolder, liveBytes }, this.#limits, now());
  }

  async jcmd(text: string, signal: AbortSignal): Promise<Answer<string>> {
    const command = parseCommand(text);
    if (command === undefined) return refusalOf(notOneCommand(text));
    const rule = this.#ruleOf(command);
    const forbidden = this.#whyForbidden(command, rule) ?? this.#whyClosed();
    if (forbidden !== undefined) return this.#refuse(command, forbidden);
    if (this.#pending.size >= this.#limits.maxQueuedCommands) {
      return this.#refuse(
        command,
        passingFailure("forbidden", `${this.#pending.size} commands wait (maxQueuedCommands)`),
      );
    }
    const answer = this.#pending.add(command, rule, signal);
    this.#start();
    return answer;
  }

  async preview(text: string): Promise<CommandPreview> {
    const command = parseCommand(text);
    if (command === undefined) {
      return { rule: undefined, predictedStopSeconds: 0, refused: notOneCommand(text).reason };
    }
    const rule = this.#ruleOf(command);
    const forbidden = this.#whyForbidden(command, rule) ?? this.#whyClosed();
    const verdict = rule === undefined ? undefined : await this.#guard.judge(command, rule, this.#now());
    const refused = (forbidden ?? verdict?.refused)?.reason;
    return { rule, predictedStopSeconds: verdict?.predictedSeconds ?? 0, refused };
  }

  usage(): readonly RequestUsage[] {
    return this.#log.usage();
  }

  status(): TierStatus {
    return this.#session.status();
  }

  close(): void {
    this.#isClosed = true;
    this.#session.close();
    for (const pending of this.#pending.takeAll()) settle(pending, refusalOf(closed));
  }

  #ruleOf(command: ParsedCommand): CommandRule | undefined {
    return knownRule(command) ?? this.#impacts.ruleOf(command);
  }

  #whyForbidden({ name, text }: ParsedCommand, rule: CommandRule | undefined): Failure | undefined {
    const needs = rule?.needs ?? "diagnose";
    if (allows(this.#policy, needs)) return undefined;
    const what = knownRule({ name, args: "", text: name })?.needs === needs ? name : text;
    return passingFailure("forbidden", `${what} needs the policy ${needs}, and it is ${this.#policy}`);
  }

  #whyClosed(): Failure | undefined {
    return this.#isClosed ? closed : undefined;
  }

  #refuse(command: ParsedCommand, why: Failure): Answer<never> {
    if (why.code === "forbidden") this.#log.refused(command.name);
    return refusalOf(why);
  }

  /** After this turn of the event loop, so that what else is asked in it comes along. */
  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => void this.#serveAll());
  }

  async #serveAll(): Promise<void> {
    for (;;) {
      const turn = this.#pending.take(this.#session.longestText());
      if (turn.length === 0) break;
      try {
        await this.#serve(turn);
      } catch (error) {
        for (const pending of turn) settleWithError(pending, error);
      }
    }
    this.#isRunning = false;
  }

  async #serve(turn: readonly PendingCommand[]): Promise<void> {
    const [first] = turn;
    const isHarmless = turn.every(({ rule }) => rule?.stop === "none");
    const notReady = await this.#session.whyNotReady(isHarmless ? "usual" : "careful");
    if (first === undefined || notReady !== undefined) return this.#settleAll(turn, notReady ?? closed);
    if (isHarmless) {
      await this.#send(turn);
      return;
    }
    const rule = first.rule ?? (await this.#learnRule(first.command));
    if ("ok" in rule) return this.#settleAll(turn, rule);
    const verdict = await this.#guard.judge(first.command, rule, this.#now());
    if (verdict.refused !== undefined) return this.#settleAll(turn, verdict.refused);
    const { stoppedSeconds, failed } = await this.#send([{ ...first, rule }], verdict.predictedSeconds);
    this.#guard.spent(first.command, rule, verdict, {
      seconds: stoppedSeconds,
      isDone: failed === undefined,
      nowMillis: this.#now(),
    });
  }

  /** Sends what travels together, and settles all of it that was run. */
  async #send(turn: readonly PendingCommand[], predictedStopSeconds = 0): Promise<RunResult> {
    const { requestMillis, stoppingRequestMillis } = this.#limits;
    const deadlineMillis = predictedStopSeconds === 0 ? requestMillis : stoppingRequestMillis;
    const result = await this.#session.run({ commands: turn, predictedStopSeconds, deadlineMillis });
    const takenAtMillis = this.#now();
    for (const [index, value] of result.texts.entries()) {
      const pending = turn[index];
      if (pending !== undefined) settle(pending, { ok: true, value, source: "attach", takenAtMillis });
    }
    const unanswered = turn.slice(result.texts.length);
    const failedCount = result.isLost ? unanswered.length : Number(result.failed !== undefined);
    if (result.failed !== undefined) this.#settleAll(unanswered.slice(0, failedCount), result.failed);
    this.#pending.putBack(unanswered.slice(failedCount));
    return result;
  }

  /** Asks the JVM what a command is that the table does not know. */
  async #learnRule(command: ParsedCommand): Promise<CommandRule | Failure> {
    const help = { name: "help", args: command.name, text: `help ${command.name}` };
    const { texts, failed } = await this.#session.run({
      commands: [{ command: help, rule: knownRule(help) }],
      predictedStopSeconds: 0,
      deadlineMillis: this.#limits.requestMillis,
    });
    const [text] = texts;
    if (text === undefined) return failed ?? passingFailure("failed", `${command.name} is not known yet; ask again`);
    if (text.startsWith("Help unavailable")) {
      return passingFailure("absent", `this JVM has no command ${command.name}`);
    }
    const rule = this.#impacts.learn(command, text);
    return this.#whyForbidden(command, rule) ?? rule;
  }

  #settleAll(turn: readonly PendingCommand[], why: Failure): void {
    for (const pending of turn) {
      if (why.code === "forbidden") this.#log.refused(pending.command.name);
      settle(pending, refusalOf(why));
    }
  }
}

const closed = passingFailure("failed", "the JVM is no longer watched");

function notOneCommand(text: string): Failure {
  return failure("failed", `expected one diagnostic command on one line, got ${JSON.stringify(text.slice(0, 100))}`);
}
