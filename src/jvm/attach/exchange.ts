import { createConnection, type Socket } from "node:net";
import { errorCodeOf } from "./outcome.ts";

/** One connection: what was sent, and how much is allowed to come. */
export interface ExchangeRequest {
  readonly socketPath: string;
  readonly bytes: Uint8Array;
  readonly deadlineMillis: number;
  /** More than that is read and counted, but not kept. */
  readonly maxReplyBytes: number;
}

/** How a connection ended, and what came by then. */
export interface Exchange {
  readonly end: "closed" | "unreachable" | "broken" | "deadline" | "aborted";
  /** The system's code where it is `unreachable` or `broken`. */
  readonly errorCode: string;
  /** At most what may be kept. */
  readonly reply: Uint8Array;
  /** All that came. */
  readonly replyBytes: number;
  readonly seconds: number;
}

/**
 * Connects, writes the request at once and reads until the JVM hangs up. The JVM's only listener is busy meanwhile, and
 * waits for the request's last byte and for its reader without a deadline of its own: so there is one here.
 */
export function exchange(request: ExchangeRequest, signal: AbortSignal): Promise<Exchange> {
  const startedAt = performance.now();
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  let replyBytes = 0;
  let isConnected = false;
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = createConnection({ path: request.socketPath });
  const settle = (end: Exchange["end"], errorCode = "") => {
    stop();
    const seconds = (performance.now() - startedAt) / 1000;
    resolve({ end, errorCode, reply: Buffer.concat(kept, keptBytes), replyBytes, seconds });
  };
  const deadline = setTimeout(() => settle("deadline"), request.deadlineMillis);
  const abort = () => settle("aborted");
  const stop = () => {
    clearTimeout(deadline);
    signal.removeEventListener("abort", abort);
    destroy(socket);
  };
  signal.addEventListener("abort", abort, { once: true });
  socket.on("connect", () => {
    isConnected = true;
    socket.write(request.bytes);
  });
  socket.on("data", (chunk) => {
    replyBytes += chunk.length;
    if (keptBytes + chunk.length > request.maxReplyBytes) return;
    kept.push(chunk);
    keptBytes += chunk.length;
  });
  socket.on("error", (error) => settle(isConnected ? "broken" : "unreachable", errorCodeOf(error)));
  socket.on("close", () => settle("closed"));
  if (signal.aborted) abort();
  return promise;
}

/** Errors that come later concern nobody. */
function destroy(socket: Socket): void {
  socket.removeAllListeners();
  socket.on("error", () => undefined);
  socket.destroy();
}
