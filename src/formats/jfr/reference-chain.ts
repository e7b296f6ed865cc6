import { fieldOf } from "./event-filter.ts";
import type { Chunk, ConstantPool } from "./events.ts";
import { lastingName } from "./frame-names.ts";

/** Longer chains are cut in the middle: `…` stands for what is left out. */
const maxSteps = 40;
const staticModifier = 0x0008;

/** Who holds the objects that `jdk.OldObjectSample` found alive, as a chunk tells it. */
export class ReferenceChains {
  readonly #chunk: Chunk;
  readonly #objects: ConstantPool | undefined;
  readonly #references: ConstantPool | undefined;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    this.#objects = chunk.pool("jdk.types.OldObject");
    this.#references = chunk.pool("jdk.types.Reference");
  }

  /** Class of an object, in source form. */
  classOf(object: number): string | undefined {
    const index = numberOf(this.#objects, object, "type");
    const name = index === undefined ? undefined : this.#chunk.constant("java.lang.Class", index);
    return name === undefined ? undefined : lastingName(name);
  }

  /** What the JVM says of an object: the size of a collection, the name of a thread. */
  descriptionOf(object: number): string | undefined {
    return this.#textOf(this.#objects, object, "description");
  }

  /** `static Leaky.CACHE → java.util.HashMap.table → java.util.HashMap$Node[][*] → …`: the root's end first. */
  chainOf(object: number): string | undefined {
    const steps: string[] = [];
    const seen = new Set<number>();
    let holder = this.#holderOf(object);
    while (holder !== undefined && !seen.has(holder.reference) && steps.length < 10_000) {
      seen.add(holder.reference);
      if (holder.skipped > 0) steps.push("…");
      steps.push(holder.step);
      holder = this.#holderOf(holder.object);
    }
    if (steps.length === 0) return undefined;
    return shortened(steps.reverse()).join(" → ");
  }

  #holderOf(held: number) {
    const reference = numberOf(this.#objects, held, "referrer");
    const object = reference === undefined ? undefined : numberOf(this.#references, reference, "object");
    if (reference === undefined || object === undefined) return undefined;
    const skipped = numberOf(this.#references, reference, "skip", 0) ?? 0;
    return { reference, object, skipped, step: this.#stepOf(reference, object) };
  }

  #stepOf(reference: number, object: number): string {
    const className = this.classOf(object) ?? "?";
    const array = numberOf(this.#references, reference, "array");
    if (array !== undefined) return `${className}[*]`;
    const field = numberOf(this.#references, reference, "field");
    const fields = this.#chunk.pool("jdk.types.OldObjectField");
    const name = field === undefined ? undefined : this.#textOf(fields, field, "name");
    if (field === undefined || name === undefined) return className;
    const isStatic = ((numberOf(fields, field, "modifiers", 0) ?? 0) & staticModifier) !== 0;
    if (!isStatic) return `${className}.${name}`;
    return `static ${this.#staticOwner(object) ?? className}.${name}`;
  }

  /** A static field's holder is the `Class` object; its description names the class: `Class Name: java.util.Foo`. */
  #staticOwner(object: number): string | undefined {
    return /^Class(?: Name)?: (\S+)/.exec(this.descriptionOf(object) ?? "")?.[1];
  }

  #textOf(pool: ConstantPool | undefined, index: number, path: string): string | undefined {
    const field = pool === undefined ? undefined : fieldOf(pool.type, path);
    if (pool === undefined || field === undefined || !(index >= 0)) return undefined;
    return this.#chunk.text(field, pool.value(index, field.slot));
  }
}

/** The root that holds a sampled object: `Stack Variable in Threads: main`. */
export function rootTextOf(chunk: Chunk, root: number): string | undefined {
  const pool = chunk.pool("jdk.types.OldObjectGcRoot");
  if (pool === undefined || !(root >= 0)) return undefined;
  const [type, system, description] = ["type", "system", "description"].map((path) => {
    const field = fieldOf(pool.type, path);
    return field === undefined ? undefined : chunk.text(field, pool.value(root, field.slot));
  });
  const what = [type, system].filter((part) => part !== undefined).join(" in ");
  return description === undefined || description === "" ? what || undefined : `${what}: ${description}`;
}

function numberOf(pool: ConstantPool | undefined, index: number, path: string, least = 0): number | undefined {
  const field = pool === undefined ? undefined : fieldOf(pool.type, path);
  if (pool === undefined || field === undefined || !(index >= 0) || index >= pool.count) return undefined;
  const value = pool.value(index, field.slot);
  return value >= least ? value : undefined;
}

function shortened(steps: readonly string[]): readonly string[] {
  if (steps.length <= maxSteps) return steps;
  return [...steps.slice(0, maxSteps / 2), "…", ...steps.slice(-maxSteps / 2)];
}
