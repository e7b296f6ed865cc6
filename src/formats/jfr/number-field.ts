import type { EventNumberUnit } from "../../model/recording.ts";
import { type LayoutStep, type Operation, operations } from "./layout.ts";
import type { DeclaredAnnotation } from "./metadata.ts";

/** Annotations of a field by name: `jdk.jfr.Timespan` → its values. */
export type Annotations = ReadonlyMap<string, readonly string[]>;

/** The annotations with the names of their types. */
export function annotationsBy(
  nameOf: (classId: number) => string | undefined,
  declared: readonly DeclaredAnnotation[],
): Annotations {
  return new Map(declared.map(({ classId, values }) => [nameOf(classId) ?? "", values]));
}

/** How numbers of one primitive type are read. */
interface PrimitiveType {
  readonly signed: Operation;
  readonly unsigned: Operation;
  readonly scaled: Operation;
  readonly fixedBytes: number;
}

const { byte, unsignedByte, int, unsignedInt, scaledInt, long, unsignedLong, scaled, float, double } = operations;
const primitives: ReadonlyMap<string, PrimitiveType> = new Map([
  ["boolean", { signed: operations.boolean, unsigned: operations.boolean, scaled: operations.boolean, fixedBytes: 1 }],
  ["byte", { signed: byte, unsigned: unsignedByte, scaled: byte, fixedBytes: 1 }],
  ["char", { signed: unsignedInt, unsigned: unsignedInt, scaled: unsignedInt, fixedBytes: 2 }],
  ["short", { signed: int, unsigned: unsignedInt, scaled: scaledInt, fixedBytes: 2 }],
  ["int", { signed: int, unsigned: unsignedInt, scaled: scaledInt, fixedBytes: 4 }],
  ["long", { signed: long, unsigned: unsignedLong, scaled, fixedBytes: 8 }],
  ["float", { signed: float, unsigned: float, scaled: float, fixedBytes: 4 }],
  ["double", { signed: double, unsigned: double, scaled: double, fixedBytes: 8 }],
]);

/** How a field of a primitive type is read, and the unit it then has. */
export interface NumberField {
  readonly step: LayoutStep;
  readonly unit: EventNumberUnit;
}

const divisors: Readonly<Record<string, number>> = {
  NANOSECONDS: 1e9,
  MICROSECONDS: 1e6,
  MILLISECONDS: 1e3,
  SECONDS: 1,
};

/** By the field's annotations; undefined when the type is no primitive one. */
export function numberField(typeName: string, annotations: Annotations): NumberField | undefined {
  const primitive = primitives.get(typeName);
  if (primitive === undefined) return undefined;
  const { signed, fixedBytes } = primitive;
  const step = { operation: signed, divisor: 1, fixedBytes, typeOrdinal: -1 };
  if (typeName === "boolean") return { step, unit: "boolean" };
  return timeField(primitive, annotations) ?? amountField(primitive, annotations, typeName === "long");
}

function amountField(primitive: PrimitiveType, annotations: Annotations, isLong: boolean): NumberField {
  const isUnsigned = annotations.has("jdk.jfr.Unsigned");
  const isRate = annotations.has("jdk.jfr.Frequency");
  const amount = annotations.get("jdk.jfr.DataAmount");
  const operation = isUnsigned ? primitive.unsigned : primitive.signed;
  const step = { operation, divisor: 1, fixedBytes: primitive.fixedBytes, typeOrdinal: -1 };
  if (amount?.[0] === "BITS")
    return {
      step: { ...step, operation: isUnsigned ? operation : primitive.scaled, divisor: 8 },
      unit: isRate ? "bytes/s" : "bytes",
    };
  if (amount !== undefined) return { step, unit: isRate ? "bytes/s" : "bytes" };
  if (annotations.has("jdk.jfr.MemoryAddress") && isLong)
    return { step: { ...step, operation: operations.address }, unit: "address" };
  if (annotations.has("jdk.jfr.Percentage")) return { step, unit: "ratio" };
  return { step, unit: isRate ? "hertz" : "count" };
}

function timeField({ signed, scaled, fixedBytes }: PrimitiveType, annotations: Annotations): NumberField | undefined {
  const timestamp = annotations.get("jdk.jfr.Timestamp");
  const timespan = annotations.get("jdk.jfr.Timespan");
  const timeUnit = (timestamp ?? timespan)?.[0];
  const step = { operation: signed, divisor: 1, fixedBytes, typeOrdinal: -1 };
  const isLong = signed === operations.long;
  if (timestamp !== undefined && isLong) {
    const operation = timeUnit === "TICKS" ? operations.tickTime : operations.epochMillis;
    return { step: { ...step, operation }, unit: "seconds" };
  }
  if (timespan === undefined) return undefined;
  if (timeUnit === "TICKS" && isLong) return { step: { ...step, operation: operations.tickSpan }, unit: "seconds" };
  const divisor = divisors[timeUnit ?? "NANOSECONDS"] ?? 1;
  return { step: { ...step, operation: scaled, divisor }, unit: "seconds" };
}
