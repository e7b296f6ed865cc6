import type { ExecRequest, JolokiaRequest, ReadRequest } from "jolokia.js";
import { type JolokiaReply, parseReplies } from "../../formats/jolokia/replies.ts";
import { textIn } from "../../formats/jolokia/values.ts";
import type { Answer } from "../../model/answer.ts";
import type { TierStatus } from "../../model/jvm-source.ts";
import type { Policy } from "../../model/policy.ts";
import type { MBeanRead, RequestUsage } from "../../model/target.ts";
import { GrowingPause } from "../growing-pause.ts";
import { type JolokiaEndpoint, openJolokiaClient } from "./jolokia-client.ts";
import { defaultLimits, type MBeanLimits } from "./limits.ts";
import { type Refusal, refusal } from "./no-answer.ts";
import { answerOf, refusalOf } from "./read-answers.ts";
import { type Caller, ReadQueue } from "./read-queue.ts";
import { requestOf } from "./read-requests.ts";
import { failureOf } from "./request-failures.ts";
import { MBeanUsage, outcomeOf } from "./request-usage.ts";

export interface MBeansOptions extends JolokiaEndpoint {
  /** What may be asked; `observe` where it is not said. */
  readonly policy?: Policy | undefined;
  /** How long one request may take. */
  readonly deadlineMillis: number;
  readonly limits?: Partial<MBeanLimits> | undefined;
  /** How long the JVM's threads have been stopped in all, by its own counter; undefined where that is not known. */
  readonly stoppedSeconds?: (() => number | undefined) | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/** The MBeans of one JVM, through the Jolokia agent in it. */
export interface MBeans {
  /** Parallel to `reads`, of which all travel in one request, with those that others ask for in the same turn. */
  read(reads: readonly MBeanRead[], signal: AbortSignal): Promise<Answer<readonly Answer<unknown>[]>>;
  status(): TierStatus;
  usage(): readonly RequestUsage[];
  /** Of the Jolokia agent; undefined before it first answered. */
  agentVersion(): string | undefined;
  /** Gives up what is under way. */
  close(): void;
}

/** Connects to nothing before the first read; throws a UsageError where the address is none. */
export function openMBeans(options: MBeansOptions): MBeans {
  const agent = new JolokiaAgent(options);
  const queue = new ReadQueue((callers, signal) => agent.ask(callers, signal), agent.limits.maxReadsPerRequest);
  return {
    read: (reads, signal) => queue.read(reads, signal),
    status: () => agent.status(),
    usage: () => agent.usage.list(),
    agentVersion: () => agent.version,
    close() {
      queue.close();
      agent.close();
    },
  };
}

/** Keeps jprof from asking again and again what does not answer. */
const pauseTerms = { failures: 3, firstMillis: 30_000, longestMillis: 300_000 };

/** One request at a time, and what became of the last. */
class JolokiaAgent {
  readonly limits: MBeanLimits;
  readonly usage: MBeanUsage;
  readonly #policy: Policy;
  readonly #deadlineMillis: number;
  readonly #client;
  readonly #pause = new GrowingPause(pauseTerms);
  readonly #now: () => number;
  #version: string | undefined;
  #lastOkMillis: number | undefined;
  #lastFailure: Refusal | undefined;

  constructor(options: MBeansOptions) {
    this.limits = { ...defaultLimits, ...options.limits };
    this.usage = new MBeanUsage(options.stoppedSeconds ?? (() => undefined));
    this.#policy = options.policy ?? "observe";
    this.#deadlineMillis = options.deadlineMillis;
    this.#now = options.now ?? Date.now;
    this.#client = openJolokiaClient(options, this.limits);
  }

  get version(): string | undefined {
    return this.#version;
  }

  /** Answers every caller, each with one answer per read. */
  async ask(callers: readonly Caller[], signal: AbortSignal): Promise<void> {
    const wanted = callers.map(({ reads }) => reads.map((read) => requestOf(read, this.#policy)));
    const requests = wanted.flat().filter((request): request is ReadRequest | ExecRequest => !("ok" in request));
    const replies = requests.length === 0 ? [] : await this.#send(requests, signal);
    if ("ok" in replies) {
      for (const { answer } of callers) answer(replies);
      return;
    }
    let next = 0;
    for (const [index, { reads, answer }] of callers.entries()) {
      const answers = wanted[index]!.map((request, at) =>
        "ok" in request ? request : answerOf(reads[at]!, replies[next++]!, this.limits),
      );
      answer({ ok: true, value: answers, source: "mbeans", takenAtMillis: this.#now() });
    }
  }

  status(): TierStatus {
    const common = { tier: "mbeans", lastOkMillis: this.#lastOkMillis } as const;
    const failure = this.#lastFailure;
    if (failure === undefined) {
      return { ...common, state: this.#lastOkMillis === undefined ? "unknown" : "ok", detail: "" };
    }
    if (this.#pause.leftMillis(this.#now()) > 0)
      return { ...common, state: "suspended", detail: this.#suspended(failure).reason };
    return { ...common, state: failure.code === "denied" ? "denied" : "failing", detail: failure.reason };
  }

  close(): void {
    this.#client.close();
  }

  async #send(requests: readonly JolokiaRequest[], signal: AbortSignal): Promise<readonly JolokiaReply[] | Refusal> {
    if (this.#lastFailure !== undefined && this.#pause.leftMillis(this.#now()) > 0)
      return this.#suspended(this.#lastFailure);
    const end = this.usage.begin();
    const replies = await this.#exchange(requests, signal);
    if ("ok" in replies) {
      end(outcomeOf(replies));
      // What the caller gave up is no sign that the agent fails.
      if (!signal.aborted) this.#failed(replies);
      return replies;
    }
    end("answered");
    this.#pause.succeed();
    this.#lastFailure = undefined;
    this.#lastOkMillis = this.#now();
    return replies;
  }

  /** The version is asked for along with the first reads. */
  async #exchange(
    requests: readonly JolokiaRequest[],
    signal: AbortSignal,
  ): Promise<readonly JolokiaReply[] | Refusal> {
    const { address } = this.#client;
    const asksVersion = this.#version === undefined;
    const all = asksVersion ? [{ type: "version" } as const, ...requests] : requests;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#deadlineMillis)]);
    try {
      const replies = parseReplies(await this.#client.ask(all, deadline), all.length);
      if ("status" in replies) return refusalOf(address, replies);
      if (!asksVersion) return replies;
      const [version, ...rest] = replies;
      if (version?.ok) this.#version = textIn(version.value, "agent");
      return rest;
    } catch (error) {
      return failureOf(error, address, deadline);
    }
  }

  #failed(failure: Refusal): void {
    this.#lastFailure = failure;
    this.#pause.fail(this.#now());
  }

  #suspended({ code, reason }: Refusal): Refusal {
    return refusal(
      code,
      `not asked again for ${Math.ceil(this.#pause.leftMillis(this.#now()) / 1000)} s, since ${reason}`,
    );
  }
}
