import type { EventField, EventType, FieldContent } from "./events.ts";
import { type Layout, type LayoutStep, layoutOf, operations } from "./layout.ts";
import type { DeclaredClass, DeclaredField } from "./metadata.ts";
import { type Annotations, annotationsBy, numberField } from "./number-field.ts";

/** A declared type and how it is read. */
export interface RecordedType {
  readonly type: EventType;
  /** Dense number of the type within its set. */
  readonly ordinal: number;
  readonly layout: Layout;
  readonly isEvent: boolean;
  /** A value of one unnamed field: a primitive, a string, or a constant; elements of arrays may be such. */
  readonly isScalar: boolean;
  /** Why its values cannot be read; undefined when they can. */
  readonly defect: string | undefined;
}

/** All types that one metadata event declares. */
export interface TypeSet {
  readonly list: readonly RecordedType[];
  readonly byId: ReadonlyMap<number, RecordedType>;
  readonly byName: ReadonlyMap<string, RecordedType>;
  readonly eventTypes: ReadonlyMap<string, EventType>;
  /** Type of an array field's elements. */
  readonly elementsOf: ReadonlyMap<EventField, RecordedType>;
}

/** Structs nested deeper, or types of more fields, are not what a JVM writes. */
const deepestStruct = 8;
const mostSlots = 1024;
const mostVisits = 8192;

export const typeNames = {
  string: "java.lang.String",
  thread: "java.lang.Thread",
  class: "java.lang.Class",
  method: "jdk.types.Method",
  symbol: "jdk.types.Symbol",
  stackTrace: "jdk.types.StackTrace",
  frameType: "jdk.types.FrameType",
} as const;

const contents: ReadonlyMap<string, FieldContent> = new Map([
  [typeNames.string, "text"],
  [typeNames.thread, "thread"],
  [typeNames.class, "class"],
  [typeNames.method, "method"],
  [typeNames.symbol, "symbol"],
  [typeNames.stackTrace, "stack"],
]);

/** Derives how events and constants are read. Types of the same id: the last one counts. */
export function buildTypeSet(declared: readonly DeclaredClass[]): TypeSet {
  return new TypeBuilder(declared).build();
}

interface FieldPlace {
  readonly path: string;
  readonly label: string | undefined;
  readonly annotations: Annotations;
  readonly depth: number;
}

class TypeBuilder {
  readonly #declared: ReadonlyMap<number, DeclaredClass>;
  /** Ordinals of types, then of the scalar types that elements of arrays have. */
  readonly #ordinals: ReadonlyMap<number, number>;
  readonly #scalars: RecordedType[] = [];
  readonly #elementsOf = new Map<EventField, RecordedType | number>();
  #fields: EventField[] = [];
  #steps: LayoutStep[] = [];
  #visits = 0;
  #defect: string | undefined;

  constructor(declared: readonly DeclaredClass[]) {
    this.#declared = new Map(declared.map((one) => [one.id, one]));
    this.#ordinals = new Map([...this.#declared.keys()].map((id, ordinal) => [id, ordinal]));
  }

  build(): TypeSet {
    const types = [...this.#declared.values()].map((one, ordinal) => this.#typeOf(one, ordinal));
    const list = [...types, ...this.#scalars];
    const elementsOf = new Map(
      [...this.#elementsOf].map(([field, type]) => [field, typeof type === "number" ? types[type]! : type]),
    );
    return {
      list,
      byId: new Map(types.map((one) => [one.type.id, one])),
      byName: new Map(types.map((one) => [one.type.name, one])),
      eventTypes: new Map(types.map(({ type }) => [type.name, type])),
      elementsOf,
    };
  }

  #typeOf(declared: DeclaredClass, ordinal: number): RecordedType {
    this.#fields = [];
    this.#steps = [];
    this.#visits = 0;
    this.#defect = undefined;
    const isScalar = numberField(declared.name, new Map()) !== undefined || declared.name === typeNames.string;
    if (isScalar) this.#addValue(declared, { path: "", label: undefined, annotations: new Map(), depth: 0 });
    else for (const field of declared.fields) this.#addField(field, "", 0);
    const annotations = annotationsBy((id) => this.#nameOf(id), declared.annotations);
    const type = {
      id: declared.id,
      name: declared.name,
      label: annotations.get("jdk.jfr.Label")?.[0] ?? declared.name,
      category: annotations.get("jdk.jfr.Category") ?? [],
      fields: this.#fields,
      slotCount: this.#fields.length,
    };
    const isEvent = declared.superType === "jdk.jfr.Event";
    return { type, ordinal, layout: layoutOf(this.#steps), isEvent, isScalar, defect: this.#defect };
  }

  #addField(declared: DeclaredField, prefix: string, depth: number): void {
    const annotations = annotationsBy((id) => this.#nameOf(id), declared.annotations);
    const label = annotations.get("jdk.jfr.Label")?.[0];
    const place = { path: prefix + declared.name, label, annotations, depth };
    const type = this.#declared.get(declared.classId);
    if (type === undefined) this.#defect = `field ${place.path} is of class ${declared.classId}, which is not declared`;
    else if (depth > deepestStruct || this.#fields.length >= mostSlots || this.#visits++ > mostVisits)
      this.#defect = "its structure is too deep";
    else if (declared.isArray) this.#addArray(type, place, declared.isConstant);
    else if (declared.isConstant) this.#addKey(type, place);
    else this.#addValue(type, place);
  }

  #addValue(type: DeclaredClass, place: FieldPlace): void {
    const number = numberField(type.name, place.annotations);
    if (number !== undefined) {
      this.#push(place, { content: number.unit === "boolean" ? "boolean" : "number", unit: number.unit }, number.step);
      return;
    }
    if (type.name === typeNames.string) {
      this.#push(place, { content: "text" }, step(operations.text, -1));
      return;
    }
    const [only, ...others] = type.fields;
    if (type.isSimple && only !== undefined && others.length === 0) {
      this.#addSimple(only, place);
      return;
    }
    for (const field of type.fields) this.#addField(field, `${place.path}.`, place.depth + 1);
  }

  /** A simple type of one field is that field. */
  #addSimple(only: DeclaredField, place: FieldPlace): void {
    const before = this.#fields.length;
    this.#addField({ ...only, name: "" }, place.path, place.depth + 1);
    const added = this.#fields[before];
    if (added !== undefined && this.#fields.length === before + 1 && !this.#elementsOf.has(added))
      this.#fields[before] = { ...added, label: place.label ?? added.label };
  }

  #addKey(type: DeclaredClass, place: FieldPlace): void {
    const content = contents.get(type.name) ?? "constant";
    const operation = content === "text" ? operations.textKey : operations.key;
    const poolType = content === "text" ? undefined : type.name;
    this.#push(place, { content, poolType }, step(operation, this.#ordinals.get(type.id)!));
  }

  #addArray(type: DeclaredClass, place: FieldPlace, isConstant: boolean): void {
    const element = isConstant ? this.#constantElement(type) : this.#ordinals.get(type.id)!;
    const ordinal = typeof element === "number" ? element : element.ordinal;
    this.#elementsOf.set(this.#push(place, { content: "array" }, step(operations.array, ordinal)), element);
  }

  /** Elements that are keys, as a type of one field of their own. */
  #constantElement({ id, name }: DeclaredClass): RecordedType {
    const content = contents.get(name) ?? "constant";
    const isText = content === "text";
    const poolType = isText ? undefined : name;
    const field = { path: "", label: undefined, slot: 0, content, unit: "count", poolType } as const;
    const type = { id, name, label: name, category: [], fields: [field], slotCount: 1 };
    const layout = layoutOf([step(isText ? operations.textKey : operations.key, this.#ordinals.get(id)!)]);
    const ordinal = this.#ordinals.size + this.#scalars.length;
    const scalar = { type, ordinal, layout, isEvent: false, isScalar: true, defect: undefined };
    this.#scalars.push(scalar);
    return scalar;
  }

  #push(place: FieldPlace, kind: Pick<EventField, "content"> & Partial<EventField>, read: LayoutStep): EventField {
    const { path, label } = place;
    const field = { path, label, slot: this.#fields.length, unit: "count", poolType: undefined, ...kind } as const;
    this.#fields.push(field);
    this.#steps.push(read);
    return field;
  }

  #nameOf(classId: number): string | undefined {
    return this.#declared.get(classId)?.name;
  }
}

function step(operation: LayoutStep["operation"], typeOrdinal: number): LayoutStep {
  return { operation, divisor: 1, fixedBytes: 8, typeOrdinal };
}
