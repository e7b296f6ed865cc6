import { type Refusal, refusal } from "./no-answer.ts";

/** What the JVM's attach listener said to `load`: its status line, and the text below it. */
export interface LoadReply {
  readonly status: number;
  readonly text: string;
}

/** What the `instrument` library gives back for an agent in a jar that could not be started. */
const agentFailures: ReadonlyMap<number, string> = new Map([
  [
    100,
    "the JVM finds no agent there: the path must be one of its own file system, which in a container is not jprof's (put the jar below /proc/PID/root), and the jar must have an Agent-Class",
  ],
  [101, "the JVM cannot put the jar on its class path"],
  [102, "the agent threw an exception as it started: see the JVM's standard error"],
]);

/**
 * Why the agent is not loaded; undefined where it is. JDK 8 answers `0` and a bare number, JDK 9 and later `return code: 0`, and from JDK 21
 * on a failure too has status 0, with the reason as text.
 */
export function loadFailureOf(reply: LoadReply, jarPath: string): Refusal | undefined {
  const text = reply.text.trim();
  const [, digits] = /^(?:return code: )?(-?\d+)$/.exec(text) ?? [];
  const code = digits === undefined ? undefined : Number(digits);
  if (reply.status === 0 && code === 0) return undefined;
  if (/dynamic agent loading is not enabled/i.test(text)) {
    return refusal(
      "denied",
      "the JVM was started with -XX:-EnableDynamicAgentLoading: give it the agent as -javaagent",
    );
  }
  const known = agentFailures.get(code ?? reply.status);
  if (known !== undefined) return refusal("failed", `loading ${jarPath}: ${known}`);
  return refusal(
    "failed",
    `loading ${jarPath} failed with status ${reply.status}: ${text === "" ? "no reason" : text}`,
  );
}
