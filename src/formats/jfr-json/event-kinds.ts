import type { Profile } from "../../model/profile.ts";

/** What the events of a type weigh. */
export interface EventKind extends Pick<Profile, "kind" | "unit"> {
  /** Fields with the weight, the first that is there; none: each event weighs 1. */
  readonly weight: readonly string[];
  /** Field that says what the event is about: the class allocated, the path read. */
  readonly label?: string;
  readonly thread?: string;
}

const allocation = (...weight: string[]): EventKind => ({ kind: "alloc", unit: "bytes", weight, label: "objectClass" });
const lasting = (kind: EventKind["kind"], label?: string): EventKind => ({
  kind,
  unit: "seconds",
  weight: ["duration"],
  ...(label !== undefined && { label }),
});

/** Types of events that make a profile; the others are passed over. */
export const eventKinds: Readonly<Record<string, EventKind>> = {
  "jdk.ExecutionSample": { kind: "cpu", unit: "count", weight: [], thread: "sampledThread" },
  "jdk.CPUTimeSample": { kind: "cpu", unit: "seconds", weight: ["samplingPeriod"] },
  "jdk.NativeMethodSample": { kind: "wall", unit: "count", weight: [], thread: "sampledThread" },
  "jdk.ObjectAllocationSample": allocation("weight"),
  "jdk.ObjectAllocationInNewTLAB": allocation("tlabSize", "allocationSize"),
  "jdk.ObjectAllocationOutsideTLAB": allocation("allocationSize"),
  "jdk.JavaMonitorEnter": lasting("lock", "monitorClass"),
  "jdk.JavaMonitorWait": lasting("lock", "monitorClass"),
  "jdk.ThreadPark": lasting("lock", "parkedClass"),
  "jdk.FileRead": lasting("io", "path"),
  "jdk.FileWrite": lasting("io", "path"),
  "jdk.FileForce": lasting("io", "path"),
  "jdk.SocketRead": lasting("io", "host"),
  "jdk.SocketWrite": lasting("io", "host"),
  "jdk.JavaExceptionThrow": { kind: "exceptions", unit: "count", weight: [], label: "thrownClass" },
  "jdk.JavaErrorThrow": { kind: "exceptions", unit: "count", weight: [], label: "thrownClass" },
  "jdk.ZAllocationStall": lasting("gc"),
  "jdk.SafepointLatency": { kind: "safepoint", unit: "seconds", weight: ["duration"] },
};
