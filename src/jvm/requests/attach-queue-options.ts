import type { VmKind } from "../../model/jvm-source.ts";
import type { Policy } from "../../model/policy.ts";
import type { TargetIdentity } from "../../model/target.ts";
import type { AuditEntry } from "./audit-entry.ts";
import type { RequestLimits } from "./request-limits.ts";

/** Whom to ask, what is allowed, and how what that costs can be seen. */
export interface AttachQueueOptions {
  readonly identity: TargetIdentity;
  readonly kind: VmKind;
  /** Where its socket is, if no process of it can be seen. */
  readonly tmpFolder?: string | undefined;
  readonly procRoot?: string;
  readonly policy: Policy;
  readonly limits?: Partial<RequestLimits>;
  /** Given one entry for each thing that is sent. */
  audit(entry: AuditEntry): void;
  /** How long the JVM's threads have stood still since it began (`sun.rt.safepointTime`); undefined where it does not tell. */
  stoppedSeconds(): number | undefined;
  /** Bytes in use in the heap; undefined where they are not known. */
  liveBytes(): number | undefined;
  /** Whether the JVM says that it can be attached to (first character of `sun.rt.jvmCapabilities`). */
  canAttach?(): boolean | undefined;
  /** Milliseconds since the epoch. */
  now?(): number;
}
