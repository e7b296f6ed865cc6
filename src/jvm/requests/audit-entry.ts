import type { Impact, Policy } from "../../model/policy.ts";
import type { RequestUsage } from "../../model/target.ts";

/** One thing that was sent to a JVM; as JSON, one line of the audit log. */
export interface AuditEntry {
  /** When it was sent, as in `2026-11-25T03:46:16.522Z`. */
  readonly time: string;
  readonly pid: number;
  readonly startTicks: number;
  /** `signal`: SIGQUIT, for a listener. `probe`: whether the listener answers. `jcmd`: the commands. */
  readonly request: "signal" | "probe" | "jcmd";
  /** With their arguments. */
  readonly commands: readonly string[];
  readonly policy: Policy;
  /** The highest that the JVM declares for one of them. */
  readonly impact: Impact | undefined;
  /** How long it was expected to stop the JVM's threads. */
  readonly predictedStopSeconds: number;
  readonly replyBytes: number;
  readonly seconds: number;
  /** How long they stood still meanwhile, for whatever reason; undefined where it does not tell. */
  readonly stoppedSeconds: number | undefined;
  readonly outcome: RequestUsage["outcome"];
  /** Why it was not answered; empty otherwise. */
  readonly reason: string;
}
