import type { Loss } from "../../model/heap-evidence.ts";
import { missingIndex } from "./events.ts";
import { operations } from "./layout.ts";
import type { Pool } from "./pool.ts";
import type { ReadingPlace } from "./reading-place.ts";
import type { StackReader } from "./stack-reader.ts";
import type { StructReader } from "./struct-reader.ts";
import type { RecordedType, TypeSet } from "./type-set.ts";

/** What reads checkpoints. */
export interface ConstantsInput {
  readonly place: ReadingPlace;
  readonly reader: StructReader;
  readonly types: TypeSet;
  readonly stacks: StackReader;
}

/** Reads the constants of checkpoints into pools. */
export class ConstantsReader {
  readonly #input: ConstantsInput;
  readonly #stackPool: Pool | undefined;
  /** Offsets are in the chunk. */
  readonly losses: Loss[] = [];

  constructor(input: ConstantsInput) {
    this.#input = input;
    const { place, stacks } = input;
    this.#stackPool = stacks.type && place.pools[stacks.type.ordinal];
  }

  /**
   * `size, 1, start, duration, delta, mask, count of pools`, then per pool `type, count, (key, value)*`. What follows a pool that cannot
   * be read is lost, to the end of the checkpoint.
   */
  readCheckpoint(start: number): void {
    const { cursor } = this.#input.place;
    cursor.position = start;
    const end = start + cursor.int();
    for (let skipped = 0; skipped < 4; skipped++) cursor.long();
    cursor.byte();
    for (let left = cursor.int(); left > 0; left--) {
      const at = cursor.position;
      const reason = this.#readPool(end);
      if (reason === undefined) continue;
      this.losses.push({ offset: at, bytes: Math.max(0, end - at), reason });
      return;
    }
    if (cursor.position !== end)
      this.losses.push({
        offset: cursor.position,
        bytes: Math.max(0, end - cursor.position),
        reason: "a checkpoint does not end where its size says",
      });
  }

  /** Why the pool at the cursor could not be read. */
  #readPool(end: number): string | undefined {
    const { place, types } = this.#input;
    const { cursor } = place;
    let typeId = cursor.long();
    while (typeId === 0 && cursor.position < end) typeId = cursor.long();
    const type = types.byId.get(typeId);
    const count = cursor.int();
    if (cursor.position > end) return "a checkpoint ends inside a pool";
    if (type === undefined) return `constants of type ${typeId}, which is not declared`;
    if (type.defect !== undefined) return `constants of type ${type.type.name}: ${type.defect}`;
    if (count < 0 || count > end - cursor.position) return `expected a number of constants, got ${count}`;
    const isRead =
      type.ordinal === this.#stackPool?.type.ordinal
        ? this.#readStacks(count, end)
        : this.#readValues(type, count, end);
    return isRead ? undefined : `a constant of type ${type.type.name} runs over the end of its checkpoint`;
  }

  #readValues({ ordinal, layout }: RecordedType, count: number, end: number): boolean {
    const { place, reader } = this.#input;
    const { cursor } = place;
    const pool = place.pools[ordinal]!;
    for (let i = 0; i < count; i++) {
      cursor.key();
      const index = pool.define(cursor.keyLow, cursor.keyHigh);
      const next = reader.read(layout, pool.rows, index * pool.slotCount, cursor.position, end);
      if (next > end) {
        pool.undefine(index);
        return false;
      }
      cursor.position = next;
    }
    return true;
  }

  #readStacks(count: number, end: number): boolean {
    const { place, stacks } = this.#input;
    const { cursor } = place;
    const pool = this.#stackPool!;
    for (let i = 0; i < count; i++) {
      cursor.key();
      const index = pool.define(cursor.keyLow, cursor.keyHigh);
      const next = stacks.define(index, cursor.position, end);
      if (next > end) {
        pool.undefine(index);
        return false;
      }
      cursor.position = next;
    }
    return true;
  }

  /** All checkpoints are read: finds constants that constants refer to and that were not there. Returns how many references those are. */
  seal(): number {
    const { pools } = this.#input.place;
    for (const pool of pools) pool.seal();
    let missing = 0;
    for (const pool of pools) if (pool.count > 0 && pool !== this.#stackPool) missing += sealReferences(pool, pools);
    return missing;
  }
}

function sealReferences(pool: Pool, pools: readonly Pool[]): number {
  const { operation, typeOrdinal } = pool.type.layout;
  let missing = 0;
  for (let slot = 0; slot < operation.length; slot++) {
    const remap = operation[slot] === operations.key ? pools[typeOrdinal[slot]!]!.remap : undefined;
    if (remap === undefined) continue;
    for (let at = slot; at < pool.count * pool.slotCount; at += pool.slotCount) {
      const index = pool.rows[at]!;
      if (index < 0 || !pool.isDefined((at - slot) / pool.slotCount)) continue;
      pool.rows[at] = remap[index]!;
      if (remap[index] === missingIndex) missing++;
    }
  }
  return missing;
}
