import type { Exchange } from "./exchange.ts";
import { failure, type Outcome, success } from "./outcome.ts";
import { type AttachReply, parseReply } from "./reply.ts";

/** What a connection came to: a reply, or why there is none. */
export function outcomeOf(done: Exchange, deadlineMillis: number): Outcome<AttachReply> {
  const came = done.replyBytes === 0 ? "nothing came" : `only ${done.replyBytes} bytes came`;
  if (done.end === "aborted") return failure("timeout", `given up (${came})`);
  if (done.end === "deadline") {
    const reason = `the JVM did not finish within ${deadlineMillis} ms (${came}); another client may hold its listener`;
    return failure("timeout", reason);
  }
  if (done.end === "unreachable") return whyUnreachable(done.errorCode);
  if (done.replyBytes === 0) {
    return failure("denied", "the JVM hung up without a word, as it does on clients of another user or group");
  }
  if (done.end === "broken") return failure("failed", `the reply broke off: ${came} (${done.errorCode})`);
  if (done.replyBytes > done.reply.length) {
    return failure("failed", `the reply has ${done.replyBytes} bytes, more than is kept of one`);
  }
  const reply = parseReply(done.reply);
  if (reply === undefined) return failure("failed", "the reply does not begin with a status: is it a JVM's socket?");
  return success(reply);
}

function whyUnreachable(code: string): Outcome<never> {
  if (code === "EAGAIN") return failure("timeout", "other clients fill the queue of the JVM's listener");
  if (code === "ECONNREFUSED") return failure("failed", "nobody listens at the JVM's socket: a left-over file");
  const reason = `the JVM's socket cannot be connected to (${code})`;
  return failure(code === "EACCES" || code === "EPERM" ? "denied" : "failed", reason);
}
