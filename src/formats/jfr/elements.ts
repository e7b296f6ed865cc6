import type { ElementValue, EventField } from "./events.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { StructReader } from "./struct-reader.ts";
import type { TypeSet } from "./type-set.ts";

const deepestArray = 8;

/** What gives values their meaning. */
interface ElementMeaning {
  readonly reader: StructReader;
  readonly types: TypeSet;
  readonly text: (field: EventField, index: number) => string | undefined;
}

/** The elements of an array field that lies at `start`. */
export function elementsAt(
  place: ReadingPlace,
  meaning: ElementMeaning,
  field: EventField,
  start: number,
): readonly ElementValue[] {
  return arrayAt({ place, meaning }, field, start, 0);
}

interface ElementInput {
  readonly place: ReadingPlace;
  readonly meaning: ElementMeaning;
}

function arrayAt(input: ElementInput, field: EventField, start: number, depth: number): readonly ElementValue[] {
  const { cursor } = input.place;
  const { reader, types } = input.meaning;
  const type = types.elementsOf.get(field);
  if (type === undefined || !Number.isInteger(start) || depth > deepestArray) return [];
  cursor.position = start;
  const count = cursor.int();
  let at = cursor.position;
  const slots = new Float64Array(type.type.slotCount);
  const values: ElementValue[] = [];
  const { unresolvedConstants, roundedNumbers } = reader;
  for (let i = 0; i < count; i++) {
    at = reader.read(type.layout, slots, 0, at, cursor.bytes.length);
    if (at > cursor.bytes.length) break;
    values.push(
      type.isScalar
        ? elementOf(input, type.type.fields[0]!, slots[0]!, depth)
        : Object.fromEntries(type.type.fields.map((one) => [one.path, elementOf(input, one, slots[one.slot]!, depth)])),
    );
  }
  // They were counted when the event was read.
  reader.unresolvedConstants = unresolvedConstants;
  reader.roundedNumbers = roundedNumbers;
  return values;
}

function elementOf(input: ElementInput, field: EventField, value: number, depth: number): ElementValue {
  if (field.content === "number") return value;
  if (field.content === "boolean") return value === 1;
  if (field.content === "array") return arrayAt(input, field, value, depth + 1);
  return input.meaning.text(field, value);
}
