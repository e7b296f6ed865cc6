import { setTimeout as sleep } from "node:timers/promises";
import type { AttachLimits, AttachTarget } from "./attach-target.ts";
import { exchange } from "./exchange.ts";
import { outcomeOf } from "./exchange-outcome.ts";
import { listenerOf, type ReachListener } from "./listener.ts";
import type { Failure, Outcome } from "./outcome.ts";
import { whyGone } from "./process-state.ts";
import { type AttachReply, badVersion } from "./reply.ts";
import { encodeRequest, longestArgument, oldestProtocol, type Protocol } from "./request-bytes.ts";

/** What one request came to, and what it took. */
export interface AttachResult {
  readonly outcome: Outcome<AttachReply>;
  /** Whether anything was sent at all. */
  readonly isSent: boolean;
  readonly replyBytes: number;
  /** From the connection to the reply's last byte. */
  readonly seconds: number;
  /** Before that: until the JVM's listener was found, or started. */
  readonly reachSeconds: number;
}

/** When a request is given up: the JVM may still work on it then. */
export interface Patience {
  readonly deadlineMillis: number;
  readonly signal: AbortSignal;
}

/** Speaks HotSpot's attach protocol with one JVM, in one connection for each request. */
export class AttachClient {
  readonly #target: AttachTarget;
  readonly #limits: AttachLimits;
  readonly #reach: ReachListener;
  #protocol: Protocol | undefined;

  constructor(target: AttachTarget, limits: AttachLimits) {
    this.#target = target;
    this.#limits = limits;
    this.#reach = listenerOf(target, limits);
  }

  /** The first request: sees that the JVM listens, which may take a signal, and learns how it wants to be spoken to. */
  async open(patience: Patience): Promise<AttachResult> {
    const result = await this.ping(patience);
    if (result.outcome.ok) this.#protocol = protocolOf(result.outcome.value);
    return result;
  }

  /** Asks for the version of the protocol, which every JVM answers at once if its listener is free. */
  ping(patience: Patience): Promise<AttachResult> {
    return this.#send("getversion", ["options"], patience);
  }

  async jcmd(text: string, patience: Patience): Promise<AttachResult> {
    const result = await this.#send("jcmd", [text], patience);
    const { outcome } = result;
    if (!outcome.ok || outcome.value.status !== badVersion || this.#protocol?.version !== 2) return result;
    this.#protocol = { ...this.#protocol, version: 1 };
    return this.#send("jcmd", [text], patience);
  }

  /** The most bytes that the text of one request may have. */
  longestText(): number {
    return longestArgument(this.#protocol ?? oldestProtocol);
  }

  async #send(name: string, texts: readonly string[], patience: Patience): Promise<AttachResult> {
    const startedAt = performance.now();
    const unsent = (outcome: Outcome<never>): AttachResult => {
      return { outcome, isSent: false, replyBytes: 0, seconds: 0, reachSeconds: secondsSince(startedAt) };
    };
    const bytes = encodeRequest(this.#protocol ?? oldestProtocol, name, texts);
    if (!bytes.ok) return unsent(bytes);
    const reached = await this.#reach(patience.signal);
    if (!reached.ok) return unsent(await this.#endOf(reached));
    const reachSeconds = secondsSince(startedAt);
    const { deadlineMillis, signal } = patience;
    const { maxReplyBytes } = this.#limits;
    const { socketPath } = reached.value;
    const done = await exchange({ socketPath, bytes: bytes.value, deadlineMillis, maxReplyBytes }, signal);
    await reached.value.close();
    const outcome = outcomeOf(done, deadlineMillis);
    const checked = outcome.ok ? outcome : await this.#endOf(outcome);
    const { replyBytes, seconds } = done;
    return { outcome: checked, isSent: done.end !== "unreachable", replyBytes, seconds, reachSeconds };
  }

  /** What went wrong may be that the JVM is no more; one that is being killed looks alive for a moment. */
  async #endOf(outcome: Failure): Promise<Failure> {
    if (!outcome.suspends || outcome.code === "timeout") return outcome;
    await sleep(dyingMillis);
    return (await whyGone(this.#target)) ?? outcome;
  }
}

const dyingMillis = 100;

/**
 * `2 streaming` from JDK 25 on: whether to stream can be chosen. `2` is JDK 24, and `1 streaming` a JVM with
 * -Djdk.attach.compat=true, which streams to clients of the first version but lets them choose as well.
 */
function protocolOf(reply: AttachReply): Protocol {
  const match = reply.status === 0 ? /^(\d{1,4})(?: ([\w,]*))?\s*$/.exec(reply.text) : null;
  if (match === null) return oldestProtocol;
  const streams = match[2]?.split(",").includes("streaming") ?? false;
  return { version: Number(match[1]) >= 2 ? 2 : 1, streams };
}

function secondsSince(startedAtMillis: number): number {
  return (performance.now() - startedAtMillis) / 1000;
}
