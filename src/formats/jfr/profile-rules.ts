import type { ProfileKind } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";
import type { EventType } from "./events.ts";

/** What one event weighs. */
type SampleWeight =
  /** As much as the time between two samples, times a field where one event stands for several. */
  | { readonly of: "interval"; readonly times?: string }
  /** A field, times another where that is a sample's share. */
  | { readonly of: "field"; readonly field: string; readonly times?: string }
  | { readonly of: "count" };

/** How events of a type become samples of a profile. */
export interface ProfileRule {
  readonly event: string;
  readonly kind: ProfileKind;
  readonly unit: Unit;
  readonly weight: SampleWeight;
  /** The first of these fields that an event has: class, path, host. */
  readonly labels: readonly string[];
  /** Of a type that no rule names: a profile only if there is a stack. */
  readonly isGeneric: boolean;
}

const interval: SampleWeight = { of: "interval" };
const duration: SampleWeight = { of: "field", field: "duration" };
const socketLabels = ["host", "address", "remoteAddress"];

/** An event with several rules takes the first whose field it has. */
const rules: readonly ProfileRule[] = [
  rule("jdk.ExecutionSample", "cpu", "seconds", interval),
  rule("jdk.CPUTimeSample", "cpu", "seconds", fieldWeight("samplingPeriod")),
  rule("datadog.ExecutionSample", "cpu", "seconds", { of: "interval", times: "weight" }),
  // The JVM samples threads that run native code, and most of those sit in a system call that waits: not time on a processor.
  rule("jdk.NativeMethodSample", "wall", "seconds", interval),
  rule("profiler.WallClockSample", "wall", "seconds", fieldWeight("timeSpan")),
  rule("profiler.WallClockSample", "wall", "seconds", { of: "interval", times: "samples" }),
  rule("datadog.MethodSample", "wall", "seconds", { of: "interval", times: "weight" }),
  rule("jdk.ObjectAllocationSample", "alloc", "bytes", fieldWeight("weight"), "objectClass"),
  rule("jdk.ObjectAllocationInNewTLAB", "alloc", "bytes", fieldWeight("tlabSize"), "objectClass"),
  rule("jdk.ObjectAllocationOutsideTLAB", "alloc", "bytes", fieldWeight("allocationSize"), "objectClass"),
  rule("datadog.ObjectSample", "alloc", "bytes", fieldWeight("size", "weight"), "objectClass"),
  rule("profiler.LiveObject", "live", "bytes", fieldWeight("allocationSize"), "objectClass"),
  rule("datadog.HeapLiveObject", "live", "bytes", fieldWeight("size", "weight"), "objectClass"),
  rule("jdk.OldObjectSample", "live", "bytes", fieldWeight("objectSize"), "object"),
  rule("jdk.OldObjectSample", "live", "count", { of: "count" }, "object"),
  rule("jdk.JavaMonitorEnter", "lock", "seconds", duration, "monitorClass"),
  rule("jdk.JavaMonitorWait", "lock", "seconds", duration, "monitorClass"),
  rule("jdk.ThreadPark", "lock", "seconds", duration, "parkedClass"),
  rule("profiler.NativeLock", "lock", "seconds", duration),
  rule("datadog.TaskBlock", "lock", "seconds", duration),
  rule("jdk.FileRead", "io", "seconds", duration, "path"),
  rule("jdk.FileWrite", "io", "seconds", duration, "path"),
  rule("jdk.FileForce", "io", "seconds", duration, "path"),
  rule("jdk.SocketRead", "io", "seconds", duration, ...socketLabels),
  rule("jdk.SocketWrite", "io", "seconds", duration, ...socketLabels),
  rule("jdk.SocketConnect", "io", "seconds", duration, ...socketLabels),
  rule("datadog.NativeSocketEvent", "io", "seconds", duration, ...socketLabels),
  rule("profiler.Malloc", "native", "bytes", fieldWeight("size")),
  rule("datadog.NativeMemoryAllocation", "native", "bytes", fieldWeight("size", "weight")),
  rule("jdk.JavaExceptionThrow", "exceptions", "count", { of: "count" }, "thrownClass"),
  rule("jdk.JavaErrorThrow", "exceptions", "count", { of: "count" }, "thrownClass"),
  rule("datadog.ExceptionSample", "exceptions", "count", { of: "count" }, "type"),
  rule("jdk.ZAllocationStall", "gc", "seconds", duration, "type"),
  rule("jdk.SystemGC", "gc", "seconds", duration),
  rule("jdk.AllocationRequiringGC", "gc", "count", { of: "count" }),
  rule("jdk.SafepointLatency", "safepoint", "seconds", duration, "threadState"),
  rule("jdk.MethodTrace", "latency", "seconds", duration, "method"),
  rule("jdk.VirtualThreadPinned", "latency", "seconds", duration, "pinnedReason", "blockingOperation"),
  rule("jdk.ThreadSleep", "latency", "seconds", duration),
];

/** Types that have a field for a stack and never one in it. */
const stackless = new Set(["jdk.ActiveSetting", "jdk.ActiveRecording", "datadog.ProfilerSetting"]);

/** How a type's events become a profile; undefined when they carry no stack. */
export function profileRuleOf(type: EventType): ProfileRule | undefined {
  const hasStack = type.fields.some(({ path, content }) => path === "stackTrace" && content === "stack");
  if (!hasStack || stackless.has(type.name)) return undefined;
  const paths = new Set(type.fields.filter(({ content }) => content !== "array").map(({ path }) => path));
  const named = rules.filter(({ event }) => event === type.name);
  const fitting = named.find(({ weight }) => weight.of !== "field" || paths.has(weight.field));
  if (fitting !== undefined) return fitting;
  const generic = { event: type.name, labels: [], isGeneric: true };
  if (paths.has("duration")) return { ...generic, kind: "latency", unit: "seconds", weight: duration };
  return { ...generic, kind: "unknown", unit: "count", weight: { of: "count" } };
}

function rule(
  event: string,
  ...[kind, unit, weight, ...labels]: [kind: ProfileKind, unit: Unit, weight: SampleWeight, ...labels: string[]]
): ProfileRule {
  return { event, kind, unit, weight, labels, isGeneric: false };
}

function fieldWeight(field: string, times?: string): SampleWeight {
  return times === undefined ? { of: "field", field } : { of: "field", field, times };
}
