import { TargetError } from "../model/errors.ts";
import type { RecordTarget } from "../model/recorder.ts";

/** Sends a command and gives its reply; throws `TargetError` with the JVM's or jprof's reason. */
export async function ask({ live }: RecordTarget, command: string, signal: AbortSignal): Promise<string> {
  const answer = await live.jcmd(command, signal);
  if (answer.ok) return answer.value;
  const name = command.split(" ", 1)[0];
  throw new TargetError(`${name} in process ${live.identity.pid}: ${answer.reason}`);
}
