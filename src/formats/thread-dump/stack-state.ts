import type { DumpedStackFrame, DumpedState } from "../../model/thread-dump.ts";

/** What the top of a stack says of the thread's state, for dumps that do not tell it (JDK 5, JSON before JDK 25, `jhsdb jstack`). */
export function stateOfStack(frames: readonly DumpedStackFrame[]): DumpedState {
  const [top] = frames;
  if (!top) return "UNKNOWN";
  if (/\.Thread\.(?:sleep\w*|yield0?)$/.test(top.name)) return "TIMED_WAITING";
  if (/^java\.lang\.(?:Object\.wait0?|VirtualThread\.park\w*|VirtualThread\.yieldContinuation)$/.test(top.name)) {
    return "WAITING";
  }
  if (/\.Unsafe\.park$|^java\.util\.concurrent\.locks\.LockSupport\.park/.test(top.name)) return "WAITING";
  return top.isNative ? "RUNNABLE" : "UNKNOWN";
}

/** JDK 5 tells only what the operating system's thread does. */
export function stateOfActivity(activity: string): DumpedState | undefined {
  if (activity.startsWith("waiting for monitor entry")) return "BLOCKED";
  if (activity.startsWith("in Object.wait()")) return "WAITING";
  if (activity.startsWith("runnable")) return "RUNNABLE";
  if (activity.startsWith("sleeping")) return "TIMED_WAITING";
  return undefined;
}
