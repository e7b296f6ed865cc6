import type { ProfileKind } from "../../model/profile.ts";
import type { Unit } from "../../model/units.ts";

/** What a type of value means, as pprof, jfrconv, Go, jeprof and others name it; the first that fits. */
const kinds: readonly { readonly pattern: RegExp; readonly kind: ProfileKind }[] = [
  { pattern: /leak/, kind: "native-leak" },
  { pattern: /native|malloc/, kind: "native" },
  { pattern: /inuse|live|retained|heap$/, kind: "live" },
  { pattern: /^alloc|memory|allocation|^objects$|^space$/, kind: "alloc" },
  { pattern: /contention|delay|lock|mutex|block|monitor|park/, kind: "lock" },
  { pattern: /wall/, kind: "wall" },
  { pattern: /exception|throw/, kind: "exceptions" },
  { pattern: /safepoint|ttsp/, kind: "safepoint" },
  { pattern: /^(?:file|socket|io|fsync)/, kind: "io" },
  { pattern: /latency|duration|trace/, kind: "latency" },
  { pattern: /cpu|itimer|ctimer|cycles|task-clock|execution/, kind: "cpu" },
];

/** The kind of a profile by the name of its values; `samples` takes its meaning from what stands beside it. */
export function kindOfValue(type: string, context = ""): ProfileKind {
  const named = kinds.find(({ pattern }) => pattern.test(type.toLowerCase()));
  return (named ?? kinds.find(({ pattern }) => pattern.test(context.toLowerCase())))?.kind ?? "unknown";
}

/** A unit of another tool, and by how much its numbers are multiplied. */
export interface UnitScale {
  readonly unit: Unit;
  readonly factor: number;
}

const units: Readonly<Record<string, UnitScale>> = {
  nanoseconds: { unit: "seconds", factor: 1e-9 },
  nanosecond: { unit: "seconds", factor: 1e-9 },
  ns: { unit: "seconds", factor: 1e-9 },
  microseconds: { unit: "seconds", factor: 1e-6 },
  us: { unit: "seconds", factor: 1e-6 },
  milliseconds: { unit: "seconds", factor: 1e-3 },
  ms: { unit: "seconds", factor: 1e-3 },
  seconds: { unit: "seconds", factor: 1 },
  s: { unit: "seconds", factor: 1 },
  bytes: { unit: "bytes", factor: 1 },
  byte: { unit: "bytes", factor: 1 },
  kilobytes: { unit: "bytes", factor: 1024 },
  megabytes: { unit: "bytes", factor: 1024 ** 2 },
};

/** jprof's unit for another tool's; what is not known counts things. */
export function unitScaleOf(unit: string): UnitScale {
  return units[unit.toLowerCase()] ?? { unit: "count", factor: 1 };
}
