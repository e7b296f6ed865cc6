import { Float64Column } from "../../bytes/growable.ts";
import { buildIdTable, type IdTable, indexOfId } from "../../bytes/id-table.ts";

/** The names of a dump (HPROF_UTF8), kept as bytes and decoded when asked for. */
export class Symbols {
  readonly #ids = new Float64Column();
  readonly #starts = new Float64Column();
  #arena = new Uint8Array(1 << 16);
  #used = 0;
  #table: IdTable | undefined;
  readonly #decoder = new TextDecoder();

  add(id: number, bytes: Uint8Array): void {
    while (this.#used + bytes.length > this.#arena.length) {
      const larger = new Uint8Array(this.#arena.length * 2);
      larger.set(this.#arena);
      this.#arena = larger;
    }
    this.#ids.push(id);
    this.#starts.push(this.#used);
    this.#arena.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#table = undefined;
  }

  /** The name with this id; undefined when the dump lacks it. */
  text(id: number): string | undefined {
    this.#table ??= buildIdTable(this.#ids.values);
    const index = indexOfId(this.#table, Math.floor(id / 2 ** 32) | 0, id | 0);
    if (index < 0) return undefined;
    const starts = this.#starts.values;
    return this.#decoder.decode(this.#arena.subarray(starts[index]!, starts[index + 1] ?? this.#used));
  }
}

/**
 * A class name as Java source and `Class.getName()` write it: `java/lang/String`, `[Ljava.lang.String;`, `[[I` → `java.lang.String`, `java.lang.String[]`, `int[][]`.
 * Hidden classes are `Foo$$Lambda+0x01` in dumps and `Foo$$Lambda/0x01` everywhere else.
 */
export function sourceClassName(rawName: string): string {
  const name = rawName.replace("+0x", "/0x");
  let dimensions = 0;
  while (name[dimensions] === "[") dimensions++;
  if (dimensions === 0) return dotted(name);
  const element = name.slice(dimensions);
  const elementName =
    element.startsWith("L") && element.endsWith(";") ? element.slice(1, -1) : (primitiveNames[element] ?? element);
  return dotted(elementName) + "[]".repeat(dimensions);
}

/** Slashes between packages become dots; the one before a hidden class's number stays. */
function dotted(name: string): string {
  return name.replace(/\/(?!0x[0-9a-f]+$)/g, ".");
}

const primitiveNames: Readonly<Record<string, string>> = {
  Z: "boolean",
  C: "char",
  F: "float",
  D: "double",
  B: "byte",
  S: "short",
  I: "int",
  J: "long",
};
