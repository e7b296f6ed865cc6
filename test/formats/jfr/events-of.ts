import { memorySource } from "../../../src/bytes/byte-source.ts";
import type { Chunk, ElementValue, EventField, EventsRead, RecordingVisitor } from "../../../src/formats/jfr/events.ts";
import { readEvents } from "../../../src/formats/jfr/read-events.ts";

/** An event with its texts and constants resolved. */
export interface ResolvedEvent {
  readonly type: string;
  readonly values: { readonly [path: string]: ElementValue };
}

export interface ResolvedRecording {
  readonly read: EventsRead;
  readonly events: readonly ResolvedEvent[];
}

/** Reads all events of a recording in memory, with stacks as texts, leaf first. */
export function eventsOf(bytes: Uint8Array, more: Partial<RecordingVisitor> = {}): ResolvedRecording {
  const events: ResolvedEvent[] = [];
  const read = readEvents(memorySource("test.jfr", bytes), {
    sinkOf: (type, chunk) => (slots) => {
      const values = type.fields.map((field) => [field.path, resolved(chunk, field, slots[field.slot]!)]);
      events.push({ type: type.name, values: Object.fromEntries(values) });
    },
    ...more,
  });
  return { read, events };
}

function resolved(chunk: Chunk, field: EventField, value: number): ElementValue {
  if (field.content === "number") return value;
  if (field.content === "boolean") return value === 1;
  if (field.content === "array") return chunk.elements(field, value);
  if (value === -1) return "(null)";
  if (value === -2) return "(missing)";
  return field.content === "stack" ? framesOf(chunk, value) : chunk.text(field, value);
}

function framesOf(chunk: Chunk, stack: number): string {
  const { count, method, isTruncated } = chunk.stacks.read(stack);
  const names = Array.from(method.subarray(0, count), (index) => chunk.constant("jdk.types.Method", index) ?? "?");
  return `${names.join(" ")}${isTruncated ? " …" : ""}`;
}
