import type { AttachLimits, AttachTarget } from "./attach-target.ts";
import { exchange } from "./exchange.ts";
import { outcomeOf } from "./exchange-outcome.ts";
import { listenerOf, type ReachListener } from "./listener.ts";
import { type Outcome, success } from "./outcome.ts";
import { readLiveProcess } from "./process-state.ts";
import { type AttachReply, badVersion } from "./reply.ts";
import { encodeRequest, longestArgument, oldestProtocol, type Protocol } from "./request-bytes.ts";

/** What one request came to, and what it took. */
export interface AttachResult {
  readonly outcome: Outcome<AttachReply>;
  readonly replyBytes: number;
  readonly seconds: number;
}

/** What it took to get to the listener. */
export interface Opening {
  readonly seconds: number;
  readonly isSignalled: boolean;
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

  /** Sees that the JVM listens, which may take a signal, and learns once how it wants to be spoken to. */
  async open(patience: Patience): Promise<Outcome<Opening>> {
    const startedAt = performance.now();
    const reached = await this.#reach(patience.signal);
    if (!reached.ok) return reached;
    await reached.value.close();
    if (this.#protocol === undefined) {
      const { outcome } = await this.ping(patience);
      if (!outcome.ok) return outcome;
      this.#protocol = protocolOf(outcome.value);
    }
    return success({ seconds: (performance.now() - startedAt) / 1000, isSignalled: reached.value.isSignalled });
  }

  /** Asks for the version of the protocol, which every JVM answers at once if its listener is free. */
  ping(patience: Patience): Promise<AttachResult> {
    return this.#send("getversion", ["options"], patience);
  }

  async jcmd(text: string, patience: Patience): Promise<AttachResult> {
    const result = await this.#send("jcmd", [text], patience);
    if (!result.outcome.ok || result.outcome.value.status !== badVersion || this.#protocol?.version !== 2)
      return result;
    this.#protocol = oldestProtocol;
    return this.#send("jcmd", [text], patience);
  }

  /** The most bytes that the text of one request may have. */
  longestText(): number {
    return longestArgument(this.#protocol ?? oldestProtocol);
  }

  async #send(name: string, texts: readonly string[], patience: Patience): Promise<AttachResult> {
    const bytes = encodeRequest(this.#protocol ?? oldestProtocol, name, texts);
    if (!bytes.ok) return { outcome: bytes, replyBytes: 0, seconds: 0 };
    const reached = await this.#reach(patience.signal);
    if (!reached.ok) return { outcome: reached, replyBytes: 0, seconds: 0 };
    const { deadlineMillis, signal } = patience;
    const { maxReplyBytes } = this.#limits;
    const { socketPath } = reached.value;
    const done = await exchange({ socketPath, bytes: bytes.value, deadlineMillis, maxReplyBytes }, signal);
    await reached.value.close();
    const outcome = outcomeOf(done, deadlineMillis);
    const { replyBytes, seconds } = done;
    return { outcome: outcome.ok ? outcome : await this.#endOf(outcome), replyBytes, seconds };
  }

  /** What went wrong may be that the JVM is no more. */
  async #endOf(outcome: Outcome<never>): Promise<Outcome<never>> {
    const live = await readLiveProcess(this.#target.procRoot, this.#target.identity);
    return live.ok ? outcome : live;
  }
}

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
