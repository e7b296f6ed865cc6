import type { ProcStatus } from "../../formats/proc/status.ts";
import type { VmKind } from "../../model/jvm-source.ts";
import { type Failure, failure, passingFailure } from "./outcome.ts";

/** What decides whether a process may be sent SIGQUIT. */
export interface SignalQuestion {
  readonly kind: VmKind;
  readonly status: ProcStatus;
  readonly ageMillis: number;
  readonly minAgeMillis: number;
  readonly options: readonly string[];
  readonly canAttach: boolean | undefined;
}

/** Bit n − 1 is signal n; SIGQUIT is 3. */
const sigquit = 0b100n;

/**
 * Why SIGQUIT must not be sent: it ends a process that does not catch it (a JVM in its first milliseconds, or with -Xrs),
 * and makes a JVM that takes no clients print all its threads.
 */
export function whyNotSignal(question: SignalQuestion): Failure | undefined {
  const { kind, status, options } = question;
  if (kind !== "hotspot") return failure("absent", `not a HotSpot JVM (${kind}), so nothing is sent to it`);
  if (question.canAttach === false || lastOf(options, "DisableAttachMechanism")) {
    return failure("absent", "the JVM takes no clients (-XX:+DisableAttachMechanism); start it without that flag");
  }
  if (options.includes("-Xrs") || lastOf(options, "ReduceSignalUsage")) {
    return failure("absent", "SIGQUIT would end this JVM (-Xrs), and it has no socket; was its /tmp cleaned?");
  }
  if ((status.ignoredSignals & sigquit) !== 0n) {
    return failure("absent", "the JVM ignores SIGQUIT; start it with -XX:+StartAttachListener");
  }
  if (question.ageMillis < question.minAgeMillis) {
    const seconds = (question.ageMillis / 1000).toFixed(1);
    return passingFailure("failed", `the process is ${seconds} s old, too young for a signal`);
  }
  if ((status.caughtSignals & sigquit) === 0n) {
    return failure("absent", "the process does not catch SIGQUIT and would end; it is not sent");
  }
  return undefined;
}

/** Of a switch that is given several times, the last one counts. */
function lastOf(options: readonly string[], name: string): boolean {
  return options.lastIndexOf(`-XX:+${name}`) > options.lastIndexOf(`-XX:-${name}`);
}
