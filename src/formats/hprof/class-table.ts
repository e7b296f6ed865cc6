import { indexOfId } from "../../bytes/id-table.ts";
import type { FieldDeclaration, HeapClass, StaticField } from "../../model/heap-classes.ts";
import { type ClassCatalog, withMissingClasses } from "./class-catalog.ts";
import type { ClassDump, RawField } from "./class-dumps.ts";
import type { HeapSizes, SizedClass } from "./sizes.ts";
import type { HprofOutline } from "./walk.ts";

/** Class dumps joined with the catalog; everything is by class index. */
export interface ClassDetails {
  readonly catalog: ClassCatalog;
  readonly dumps: readonly (ClassDump | undefined)[];
  readonly superclass: Int32Array;
  readonly fields: readonly (readonly FieldDeclaration[])[];
}

/** Joins class dumps with the catalog; of several for one class the last one counts. */
export function joinClassDumps(all: readonly ClassDump[], named: ClassCatalog, outline: HprofOutline): ClassDetails {
  const unnamed = all.flatMap(({ id }) => (indexOf(named, id) < 0 ? [id] : []));
  const catalog = withMissingClasses(named, [...new Set(unnamed)]);
  const dumps: (ClassDump | undefined)[] = new Array(catalog.classes.length).fill(undefined);
  for (const dump of all) dumps[indexOf(catalog, dump.id)] = dump;
  const nameOf = cachedNames(outline);
  return {
    catalog,
    dumps,
    superclass: Int32Array.from(dumps, (dump) =>
      dump === undefined || dump.superclassId === 0 ? -1 : indexOf(catalog, dump.superclassId),
    ),
    fields: dumps.map((dump) => dump?.fields.map(({ nameId, type }) => ({ name: nameOf(nameId), type })) ?? []),
  };
}

/** What sizes are learned from. */
export function sizedClasses(
  { catalog, dumps, superclass, fields }: ClassDetails,
  outline: HprofOutline,
  idShift: number,
): SizedClass[] {
  return catalog.classes.map(({ id, name, kind }, index) => ({
    name,
    kind,
    superclass: superclass[index]!,
    fields: fields[index]!,
    staticTypes: (dumps[index]?.statics ?? []).filter((field) => !isInvented(field, outline)).map(({ type }) => type),
    dumpedStaticTypes: dumps[index]?.statics.map(({ type }) => type) ?? [],
    classObjectAddress: dumps[index] === undefined ? 0 : id * 2 ** idShift,
  }));
}

/** The finished class table; `ordinalOf` gives the ordinal of an id of the file, 0 for null and for what the dump lacks. */
export function buildClassTable(
  details: ClassDetails,
  outline: HprofOutline,
  sizes: HeapSizes,
  ordinalOf: (id: number) => number,
): HeapClass[] {
  const nameOf = cachedNames(outline);
  return details.catalog.classes.map(({ id, name, kind, missing }, index) => {
    const dump = details.dumps[index];
    return {
      index,
      name,
      kind,
      ordinal: ordinalOf(id),
      superclass: details.superclass[index]!,
      loader: ordinalOf(dump?.loaderId ?? 0),
      fields: details.fields[index]!,
      statics:
        dump?.statics.map(({ nameId, type, value }): StaticField => {
          return { name: nameOf(nameId), type, value: type === "object" ? ordinalOf(Number(value)) : value };
        }) ?? [],
      instanceBytes: sizes.instanceBytes[index]!,
      missing: missing || (dump === undefined && kind === "instance"),
      filler: fillerNames.has(name),
    };
  });
}

/** HotSpot fills holes in its heap with objects of these classes (JDK 21 and later; earlier ones use `int[]` and `Object`). */
const fillerNames: ReadonlySet<string> = new Set([
  "jdk.internal.vm.FillerObject",
  "jdk.internal.vm.FillerArray",
  "jdk.internal.vm.FillerElement[]",
]);

/** HotSpot lists what a class holds inside the VM (`<resolved_references>`, `<init_lock>` …) as if it were static fields. */
function isInvented({ nameId }: RawField, outline: HprofOutline): boolean {
  return outline.symbols.text(nameId)?.startsWith("<") ?? false;
}

function indexOf(catalog: ClassCatalog, id: number): number {
  return id === 0 ? -1 : indexOfId(catalog.table, Math.floor(id / 2 ** 32) | 0, id | 0);
}

function cachedNames(outline: HprofOutline): (id: number) => string {
  const names = new Map<number, string>();
  return (id) => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = outline.symbols.text(id) ?? `unknown name 0x${id.toString(16)}`;
    names.set(id, name);
    return name;
  };
}
