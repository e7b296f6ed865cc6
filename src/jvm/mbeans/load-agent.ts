import { setTimeout as sleep } from "node:timers/promises";
import { parseReplies } from "../../formats/jolokia/replies.ts";
import type { Answer } from "../../model/answer.ts";
import { allows, type Policy } from "../../model/policy.ts";
import { openJolokiaClient } from "./jolokia-client.ts";
import type { FoundEndpoint } from "./jolokia-endpoint.ts";
import { defaultLimits } from "./limits.ts";
import { type LoadReply, loadFailureOf } from "./load-reply.ts";
import { type Refusal, refusal } from "./no-answer.ts";
import { failureOf } from "./request-failures.ts";

/** What is to be loaded into a JVM, and by what way. */
export interface AgentLoad {
  readonly policy: Policy;
  /** Of the Jolokia agent, as the JVM itself sees it: in a container, that is a path of the container's file system. */
  readonly jarPath: string;
  /** Port that is free in the JVM's network namespace; it listens on 127.0.0.1 alone. */
  readonly port: number;
  /** Further options of the agent, such as `user` and `password`. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** How long the agent may take to answer. */
  readonly deadlineMillis: number;
  /** Sends `load` with these arguments to the JVM's attach listener. */
  load(args: readonly string[], signal: AbortSignal): Promise<Answer<LoadReply>>;
}

/** The most that the first version of the attach protocol takes for one argument. */
const longestArgumentBytes = 1024;
const longestWaitMillis = 400;

/**
 * Loads the Jolokia agent into a running JVM, where it stays until the JVM ends, and waits until it answers. Nothing is loaded where an agent
 * answers at that port already.
 */
export async function loadJolokiaAgent(agent: AgentLoad, signal: AbortSignal): Promise<Answer<FoundEndpoint>> {
  if (!allows(agent.policy, "intrude")) {
    return refusal("forbidden", `loading an agent needs the policy "intrude", and this one is "${agent.policy}"`);
  }
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(agent.deadlineMillis)]);
  const endpoint = { ...agent.options, url: `http://127.0.0.1:${agent.port}/jolokia` };
  if ((await whySilent(endpoint, deadline)) === undefined) return loaded(endpoint);
  const argument = `${agent.jarPath}=${agentOptions(agent)}`;
  if (Buffer.byteLength(argument) > longestArgumentBytes) {
    return refusal("failed", `path and options of the agent are longer than ${longestArgumentBytes} bytes`);
  }
  const reply = await agent.load(["instrument", "false", argument], deadline);
  if (!reply.ok) return reply;
  const failure = loadFailureOf(reply.value, agent.jarPath) ?? (await whyNotUp(endpoint, deadline));
  return failure ?? loaded(endpoint);
}

/** `host=127.0.0.1,port=8778,user=…`, where a comma in a value is escaped. */
function agentOptions({ port, options = {} }: AgentLoad): string {
  const all = Object.entries({ ...options, host: "127.0.0.1", port: String(port) });
  return all.map(([key, value]) => `${key}=${value.replaceAll(/[\\,]/g, "\\$&")}`).join(",");
}

async function whyNotUp(endpoint: FoundEndpoint, deadline: AbortSignal): Promise<Refusal | undefined> {
  for (let waitMillis = 25; ; waitMillis = Math.min(longestWaitMillis, waitMillis * 2)) {
    const silence = await whySilent(endpoint, deadline);
    if (silence === undefined) return undefined;
    if (deadline.aborted) {
      return refusal(
        "failed",
        `the agent is loaded but does not answer (see the JVM's standard error): ${silence.reason}`,
      );
    }
    // Cut short by the deadline, which the next round tells.
    await sleep(waitMillis, undefined, { signal: deadline }).catch(() => undefined);
  }
}

async function whySilent(endpoint: FoundEndpoint, signal: AbortSignal): Promise<Refusal | undefined> {
  const client = openJolokiaClient(endpoint, defaultLimits);
  try {
    const replies = parseReplies(await client.ask([{ type: "version" }], signal), 1);
    return "status" in replies ? refusal("denied", replies.message) : undefined;
  } catch (error) {
    return failureOf(error, client.address, signal);
  } finally {
    client.close();
  }
}

function loaded({ url }: FoundEndpoint): Answer<FoundEndpoint> {
  return { ok: true, value: { url }, source: "attach", takenAtMillis: Date.now() };
}
