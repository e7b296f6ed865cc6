import { sourceClassName } from "./class-name.ts";
import type { EventField } from "./events.ts";
import type { Pool } from "./pool.ts";
import type { Texts } from "./texts.ts";
import { typeNames } from "./type-set.ts";

const longestChain = 6;

/** The texts by which constants are known, each derived once for a chunk. */
export class ConstantTexts {
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #texts: Texts;
  /** By type and index; null: has none. */
  readonly #known = new Map<string, (string | null | undefined)[]>();

  constructor(pools: ReadonlyMap<string, Pool>, texts: Texts) {
    this.#pools = pools;
    this.#texts = texts;
  }

  constant(typeName: string, index: number): string | undefined {
    return this.#constant(typeName, index, 0);
  }

  #constant(typeName: string, index: number, depth: number): string | undefined {
    if (index < 0 || depth > longestChain) return undefined;
    let known = this.#known.get(typeName);
    if (known === undefined) {
      known = [];
      this.#known.set(typeName, known);
    }
    const earlier = known[index];
    if (earlier !== undefined) return earlier ?? undefined;
    const pool = this.#pools.get(typeName);
    const text = pool?.isDefined(index) ? this.#derive(pool, index, depth) : undefined;
    known[index] = text ?? null;
    return text;
  }

  #derive(pool: Pool, index: number, depth: number): string | undefined {
    const part = (path: string) => this.#part(pool, index, path, depth);
    switch (pool.type.type.name) {
      case typeNames.class: {
        const name = part("name");
        return name === undefined ? undefined : sourceClassName(name);
      }
      case typeNames.method: {
        const type = part("type");
        const name = part("name");
        return type === undefined || type === "" ? name : `${type}.${name ?? "?"}`;
      }
      case typeNames.thread:
        return part("javaName") || part("osName");
      default:
        return part("name") ?? part("type") ?? this.#first(pool, index, depth);
    }
  }

  #part(pool: Pool, index: number, path: string, depth: number): string | undefined {
    const field = pool.type.type.fields.find((one) => one.path === path);
    return field && this.#fieldText(pool, index, field, depth);
  }

  /** The only value, or the first that is a text. */
  #first(pool: Pool, index: number, depth: number): string | undefined {
    const { fields } = pool.type.type;
    const field = fields.find(({ content }) => content !== "number" && content !== "boolean") ?? fields[0];
    return field && this.#fieldText(pool, index, field, depth);
  }

  #fieldText(pool: Pool, index: number, field: EventField, depth: number): string | undefined {
    const value = pool.rows[index * pool.slotCount + field.slot]!;
    if (field.content === "text") return this.#texts.text(value);
    if (field.content === "number" || field.content === "boolean") return String(value);
    return field.poolType === undefined ? undefined : this.#constant(field.poolType, value, depth + 1);
  }
}
