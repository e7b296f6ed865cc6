import { buildIdTable, type IdTable } from "../../bytes/id-table.ts";
import type { ClassKind } from "../../model/heap-classes.ts";
import { basicType } from "./records.ts";
import { sourceClassName } from "./symbols.ts";
import type { HprofOutline } from "./walk.ts";

/** What is known of a class before its dump is read. Its position in the catalog is its class index. */
export interface NamedClass {
  /** Id of its class object as in the file; 0 when the dump has none. */
  readonly id: number;
  readonly name: string;
  readonly kind: ClassKind;
  /** The dump does not name it. */
  readonly missing: boolean;
}

/** The classes of a dump by index, and how to find the index of a class id. */
export interface ClassCatalog {
  readonly classes: readonly NamedClass[];
  readonly table: IdTable;
  /** Class index of `boolean[]` … `long[]` by basic type number. */
  readonly primitiveArrayClass: Int32Array;
  /** Class index of java.lang.Class. */
  readonly classClass: number;
}

/** Marks catalog entries that have no id in the file; no id reaches this value. */
const withoutId = 2 ** 52;

/** Lists the classes that LOAD_CLASS records name (of equal ids the last one counts), and those that every heap has. */
export function buildClassCatalog(outline: Pick<HprofOutline, "loadedClasses" | "symbols">): ClassCatalog {
  const classes = new Map<number, NamedClass>();
  for (const { id, nameId } of outline.loadedClasses) {
    const raw = outline.symbols.text(nameId);
    classes.set(id, raw === undefined ? missingClass(id) : namedClass(id, raw));
  }
  const list = [...classes.values()];
  const indexOfName = (name: string, kind: ClassKind) => {
    const found = list.findIndex((known) => known.kind === kind && known.name === name);
    return found >= 0 ? found : list.push({ id: 0, name, kind, missing: false }) - 1;
  };
  const primitiveArrayClass = new Int32Array(16);
  for (const [name, type] of Object.entries(basicType)) {
    if (type !== basicType.object) primitiveArrayClass[type] = indexOfName(`${name}[]`, "primitiveArray");
  }
  const classClass = indexOfName("java.lang.Class", "instance");
  const table = buildIdTable(list.map(({ id }, index) => (id === 0 ? withoutId + index : id)));
  return { classes: list, table, primitiveArrayClass, classClass };
}

/** Adds classes that only objects or class dumps mention. */
export function withMissingClasses(catalog: ClassCatalog, ids: ArrayLike<number>): ClassCatalog {
  const classes = [...catalog.classes, ...Array.from(ids, missingClass)];
  const table = buildIdTable(classes.map(({ id }, index) => (id === 0 ? withoutId + index : id)));
  return { ...catalog, classes, table };
}

function missingClass(id: number): NamedClass {
  return { id, name: `unknown class 0x${id.toString(16)}`, kind: "instance", missing: true };
}

function namedClass(id: number, raw: string): NamedClass {
  return { id, name: sourceClassName(raw), kind: kindOf(raw), missing: false };
}

/** JVMs write `[I` and `[Ljava/lang/String;`, the old hprof agent `int[]` and `java.lang.String[]`. */
function kindOf(rawName: string): ClassKind {
  if (rawName.startsWith("[")) return rawName.length === 2 ? "primitiveArray" : "objectArray";
  if (!rawName.endsWith("[]")) return "instance";
  return rawName.slice(0, -2) in basicType ? "primitiveArray" : "objectArray";
}
