import type { EventColumn, EventNumberUnit } from "../../model/recording.ts";
import type { EventField, EventType } from "./events.ts";
import type { ChunkParts } from "./profile-builder.ts";
import { rootTextOf } from "./reference-chain.ts";
import { chunkTexts, TextInterner } from "./text-interner.ts";

/** Longer texts of arrays are cut. */
const maxArrayText = 1_000;

/** Fields that are points of time: of a window's recording, they count from the window's start. */
const pointsOfTime = new Set(["startTime", "allocationTime", "jvmStartTime", "recordingStart"]);

/** One column of a table while a recording is read. */
export class ColumnBuilder {
  readonly kind: EventColumn["kind"];
  readonly unit: EventNumberUnit;
  readonly interner = new TextInterner();
  values: Float64Array | Int32Array;

  /** Rows before the column's first event have no value. */
  constructor(kind: EventColumn["kind"], unit: EventNumberUnit, rows: number) {
    this.kind = kind;
    this.unit = unit;
    this.values = this.#newValues(rows).fill(this.#none);
  }

  reserve(rows: number): void {
    const larger = this.#newValues(rows);
    larger.set(this.values);
    larger.fill(this.#none, this.values.length);
    this.values = larger;
  }

  /** Only these rows, in this order. */
  keep(rows: Int32Array): void {
    const kept = this.#newValues(rows.length);
    copyRows(this.values, rows, kept);
    this.values = kept;
  }

  finish(): EventColumn {
    const { kind, unit, values, interner } = this;
    if (kind === "number") return { kind, unit, values: values as Float64Array };
    if (kind === "text") return { kind, values: values as Int32Array, texts: interner.texts };
    return { kind, values: values as Int32Array };
  }

  get #none(): number {
    return this.kind === "number" ? Number.NaN : -1;
  }

  #newValues(rows: number): Float64Array | Int32Array {
    return this.kind === "number" ? new Float64Array(rows) : new Int32Array(rows);
  }
}

/** The loop is there twice, for each to see arrays of one kind. */
function copyRows(values: Float64Array | Int32Array, rows: Int32Array, target: Float64Array | Int32Array): void {
  if (values instanceof Float64Array) for (let i = 0; i < rows.length; i++) target[i] = values[rows[i]!]!;
  else for (let i = 0; i < rows.length; i++) target[i] = values[rows[i]!]!;
}

/** How one column gets its value of an event. */
interface ColumnReader {
  readonly path: string;
  readonly kind: EventColumn["kind"];
  readonly unit: EventNumberUnit;
  valueReader(interner: TextInterner): (slots: Float64Array) => number;
}

/** The columns of a type, and how a chunk's events fill them. */
export function columnReaders(type: EventType, parts: ChunkParts): readonly ColumnReader[] {
  return type.fields.flatMap((field) => {
    if (field.poolType === "jdk.types.OldObject") return oldObjectReaders(field, parts);
    return [readerOf(field, parts)];
  });
}

function readerOf(field: EventField, parts: ChunkParts): ColumnReader {
  const { chunk, stacks, threadOf } = parts;
  const { path, slot, content, unit } = field;
  if (content === "stack") {
    return { path, kind: "stack", unit: "count", valueReader: () => (slots) => stacks.stackOf(slots[slot]!) };
  }
  if (content === "thread") {
    return { path, kind: "thread", unit: "count", valueReader: () => (slots) => threadOf(slots[slot]!) };
  }
  if (content === "number" || content === "boolean") {
    const origin = pointsOfTime.has(path) ? parts.originSeconds : 0;
    return {
      path,
      kind: "number",
      unit: content === "boolean" ? "boolean" : unit,
      valueReader: () => (slots) => slots[slot]! - origin,
    };
  }
  if (field.poolType === "jdk.types.OldObjectGcRoot") {
    return textReader(path, slot, (index) => rootTextOf(chunk, index));
  }
  if (content === "array") {
    return textReader(path, slot, (place) => arrayText(chunk.elements(field, place)));
  }
  return {
    path,
    kind: "text",
    unit: "count",
    valueReader(interner) {
      const textOf = chunkTexts(chunk, field, interner);
      return (slots) => textOf(slots[slot]!);
    },
  };
}

function oldObjectReaders(field: EventField, { references }: ChunkParts): readonly ColumnReader[] {
  const { path, slot } = field;
  return [
    textReader(path, slot, (object) => references.classOf(object)),
    textReader(`${path}.description`, slot, (object) => references.descriptionOf(object)),
    textReader(`${path}.referenceChain`, slot, (object) => references.chainOf(object)),
  ];
}

function textReader(path: string, slot: number, textOf: (index: number) => string | undefined): ColumnReader {
  return {
    path,
    kind: "text",
    unit: "count",
    valueReader: (interner) => (slots) => interner.indexOf(textOf(slots[slot]!)),
  };
}

function arrayText(elements: readonly unknown[]): string | undefined {
  if (elements.length === 0) return undefined;
  const text = JSON.stringify(elements);
  return text.length <= maxArrayText ? text : `${text.slice(0, maxArrayText)}…`;
}
