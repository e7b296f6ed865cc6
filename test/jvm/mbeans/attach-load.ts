import { connect } from "node:net";
import type { LoadReply } from "../../../src/jvm/mbeans/load-reply.ts";
import type { Answer } from "../../../src/model/answer.ts";

/** Sends `load` by the first version of the attach protocol to a JVM that was started with -XX:+StartAttachListener. */
export async function attachLoad(pid: number, args: readonly string[]): Promise<Answer<LoadReply>> {
  const socket = connect(`/tmp/.java_pid${pid}`);
  socket.write(["1", "load", ...args, ""].join("\0"));
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const [, status, text = ""] = /^(-?\d+)\n(.*)$/s.exec(Buffer.concat(chunks).toString("utf8")) ?? [];
  return { ok: true, value: { status: Number(status), text }, source: "attach", takenAtMillis: Date.now() };
}
