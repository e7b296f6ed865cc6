import type { ValueType } from "../src/model/heap-classes.ts";
import { type HprofOptions, HprofWriter, type PrimitiveType } from "./hprof-writer.ts";

/** A drawn heap as the bytes of a dump, with the ids of the drawn objects and classes by their names. */
export interface DrawnHeap {
  readonly bytes: Uint8Array;
  readonly idOf: Readonly<Record<string, number>>;
}

/**
 * A dump from a drawing of what refers to what.
 *
 * ```ts
 * heapOf`root → a:demo.Cache.table → t:Object[] → b:byte[100]; root → b`
 * heapOf`static demo.Cache.INSTANCE → c:demo.Cache.next → d; c.other → d`
 * heapOf`demo.Weak extends java.lang.ref.WeakReference; root → w:demo.Weak.referent → x`
 * ```
 *
 * Statements end with `;` or a new line. A step is `name:type.field` where each part may be left out: an object is declared
 * where its type is, `field` (or `[index]`) is where the next arrow leaves from. Without a type it is a `Node`; without a
 * field, arrows leave from `ref0`, `ref1` … or the next element. Types: `demo.Foo`, `byte[100]`, `Object[]`, `demo.Foo[10]`
 * (at least ten elements). `root` makes a JNI global, `static Foo.FIELD` a static field of a class that is a root.
 */
export function heapOf(parts: TemplateStringsArray, ...values: readonly (string | number)[]): DrawnHeap {
  return heapWith({})(parts, ...values);
}

/** `heapOf` for a file that is not the usual one: `` heapWith({ idBytes: 4, layout: narrowLayout })`root → a` ``. */
export function heapWith(options: HprofOptions): typeof heapOf {
  return (parts, ...values) => {
    const drawing = parse(String.raw({ raw: parts }, ...values));
    return write(drawing, new HprofWriter(options));
  };
}

interface DrawnObject {
  readonly name: string;
  type: string;
  /** Targets by field name, or by element for arrays. */
  readonly targets: Map<string, string>;
}

interface Drawing {
  readonly objects: Map<string, DrawnObject>;
  readonly roots: Set<string>;
  readonly superclasses: Map<string, string>;
  /** Targets of static fields by class. */
  readonly statics: Map<string, Map<string, string>>;
}

const stepPattern =
  /^(?<name>[\w]+)?(?::(?<type>(?:[a-z]\w*\.)*[A-Z][\w$]*(?:\[\d*\])?|[a-z]+\[\d*\]))?(?:\.(?<field>\w+)|\[(?<index>\d+)\])?$/;
const builtIn: readonly (readonly [string, string])[] = ["Soft", "Weak", "Phantom", "Final"].map((kind) => [
  `java.lang.ref.${kind}Reference`,
  "java.lang.ref.Reference",
]);

function parse(text: string): Drawing {
  const drawing: Drawing = { objects: new Map(), roots: new Set(), superclasses: new Map(builtIn), statics: new Map() };
  for (const statement of text.split(/[;\n]/)) {
    const inheritance = /^\s*(\S+) extends (\S+)\s*$/.exec(statement);
    if (inheritance !== null) drawing.superclasses.set(inheritance[1]!, inheritance[2]!);
    else if (statement.trim() !== "")
      parsePath(
        drawing,
        statement.split("→").map((step) => step.trim()),
      );
  }
  return drawing;
}

function parsePath(drawing: Drawing, [first = "", ...rest]: readonly string[]): void {
  let connect = parseStart(drawing, first);
  for (const step of rest) {
    const { object, field } = parseStep(drawing, step);
    connect(object.name);
    connect = (target) => void object.targets.set(field ?? nextField(object), target);
  }
}

/** What the first arrow of a statement does with its target. */
function parseStart(drawing: Drawing, step: string): (target: string) => void {
  if (step === "root") return (target) => void drawing.roots.add(target);
  const field = /^static (.+)\.(\w+)$/.exec(step);
  if (field === null) {
    const { object, field: from } = parseStep(drawing, step);
    return (target) => void object.targets.set(from ?? nextField(object), target);
  }
  const [className, name] = [field[1]!, field[2]!];
  const statics = drawing.statics.get(className) ?? new Map<string, string>();
  drawing.statics.set(className, statics);
  return (target) => void statics.set(name, target);
}

function parseStep(drawing: Drawing, step: string): { object: DrawnObject; field: string | undefined } {
  const groups = stepPattern.exec(step)?.groups;
  if (groups === undefined) throw new Error(`expected name:type.field in the drawing, got "${step}"`);
  const name = groups.name ?? `object${drawing.objects.size}`;
  const object = drawing.objects.get(name) ?? { name, type: "", targets: new Map<string, string>() };
  if (groups.type !== undefined) object.type = groups.type;
  drawing.objects.set(name, object);
  return { object, field: groups.field ?? groups.index };
}

function nextField({ type, targets }: DrawnObject): string {
  return type.endsWith("]") ? String(targets.size) : `ref${targets.size}`;
}

const referenceFields = { referent: "object", queue: "object", next: "object", discovered: "object" } as const;

function write(drawing: Drawing, dump: HprofWriter): DrawnHeap {
  const classIds = new Map<string, number>([
    ["java.lang.Object", dump.javaClass({ name: "java.lang.Object", superclass: 0 })],
  ]);
  const fields = fieldsByClass(drawing);
  for (const name of fields.keys()) declare(name, { drawing, fields, dump, classIds });
  const ids = new Map<string, number>();
  for (const object of drawing.objects.values()) ids.set(object.name, dump.allocate(sizeOf(dump, object, classIds)));
  for (const [name, classId] of classIds) {
    if (name === "java.lang.Object") continue;
    const statics = [...(drawing.statics.get(name) ?? [])].map(
      ([field, target]) => [field, ["object", ids.get(target)!]] as const,
    );
    dump.classDump(classId, Object.fromEntries(statics));
    if (statics.length > 0) dump.root(classId, { kind: "stickyClass" });
  }
  for (const object of drawing.objects.values()) writeObject(dump, object, classIds, ids);
  for (const name of drawing.roots) dump.root(ids.get(name)!);
  return { bytes: dump.file(), idOf: Object.fromEntries([...classIds, ...ids]) };
}

/** The fields that each class of objects needs, and the superclasses' and statics' classes. */
function fieldsByClass({ objects, superclasses, statics }: Drawing): Map<string, Set<string>> {
  const fields = new Map<string, Set<string>>();
  const fieldsOf = (name: string): Set<string> => {
    const known = fields.get(name) ?? new Set<string>();
    fields.set(name, known);
    const superclass = superclasses.get(name);
    if (superclass !== undefined) fieldsOf(superclass);
    return known;
  };
  for (const name of statics.keys()) fieldsOf(name);
  for (const { type, targets } of objects.values()) {
    if (type.endsWith("]")) continue;
    for (const field of targets.keys()) fieldsOf(type || "Node").add(field);
    fieldsOf(type || "Node");
  }
  return fields;
}

interface DrawnClasses {
  readonly drawing: Drawing;
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dump: HprofWriter;
  readonly classIds: Map<string, number>;
}

/** Declares a class after its superclass; fields that an ancestor has are not repeated. Returns all field names. */
function declare(name: string, classes: DrawnClasses): readonly string[] {
  const { drawing, fields, dump, classIds } = classes;
  const superclass = drawing.superclasses.get(name);
  const inherited = superclass === undefined ? [] : declare(superclass, classes);
  const known = name === "java.lang.ref.Reference" ? Object.keys(referenceFields) : [];
  const own = [...new Set([...known, ...(fields.get(name) ?? [])])].filter((field) => !inherited.includes(field));
  if (!classIds.has(name)) {
    const types = Object.fromEntries(own.map((field) => [field, "object" as ValueType]));
    classIds.set(
      name,
      dump.declareClass({ name, superclass: classIds.get(superclass ?? "java.lang.Object")!, fields: types }),
    );
  }
  return [...own, ...inherited];
}

/** Element type and length of `byte[100]`; undefined for what is no array. */
function arrayOf({ type, targets }: DrawnObject): { element: string; length: number } | undefined {
  const array = /^(.+)\[(\d*)\]$/.exec(type);
  if (array === null) return undefined;
  const needed = Math.max(0, ...[...targets.keys()].map((index) => Number(index) + 1));
  return { element: array[1]!, length: Math.max(needed, Number(array[2])) };
}

const primitives: readonly string[] = ["boolean", "char", "float", "double", "byte", "short", "int", "long"];
const isPrimitive = (name: string): name is PrimitiveType => primitives.includes(name);

function sizeOf(dump: HprofWriter, object: DrawnObject, classIds: ReadonlyMap<string, number>): number {
  const array = arrayOf(object);
  if (array === undefined) return dump.instanceBytes(classIds.get(object.type || "Node")!);
  return dump.arrayBytes(isPrimitive(array.element) ? array.element : "object", array.length);
}

function writeObject(
  dump: HprofWriter,
  object: DrawnObject,
  classIds: ReadonlyMap<string, number>,
  ids: ReadonlyMap<string, number>,
): void {
  const id = ids.get(object.name)!;
  const array = arrayOf(object);
  const targets = [...object.targets].map(([field, target]) => [field, ids.get(target)!] as const);
  if (array === undefined) {
    dump.instance(classIds.get(object.type || "Node")!, Object.fromEntries(targets), id);
  } else if (isPrimitive(array.element)) {
    dump.primitiveArray(array.element, new Array<number>(array.length).fill(0), id);
  } else {
    const elements = new Array<number>(array.length).fill(0);
    for (const [index, target] of targets) elements[Number(index)] = target;
    const element = array.element === "Object" ? "java.lang.Object" : array.element;
    dump.objectArray(`${element}[]`, elements, id);
  }
}
