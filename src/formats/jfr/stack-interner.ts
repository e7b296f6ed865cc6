import { type FrameKind, frameKinds, type StackTable } from "../../model/profile.ts";

const firstSlots = 1 << 12;

/** Gives equal frames and equal stacks one number each, whichever chunk they come from. */
export class StackInterner {
  readonly #frameNames: string[] = [];
  readonly #frameKinds: number[] = [];
  readonly #frameOfName: readonly Map<string, number>[] = frameKinds.map(() => new Map());
  /** By stack: its leaf frame and its caller, side by side as they are compared together. */
  #stacks = new Int32Array(firstSlots);
  #stackCount = 0;
  /** Open addressing: stack + 1 by the hash of its caller and frame, 0 free; at most half full. */
  #slots = new Int32Array(firstSlots);

  /** The frame of a name and a kind. */
  frameOf(name: string, kind: FrameKind): number {
    const kindIndex = frameKinds.indexOf(kind);
    const known = this.#frameOfName[kindIndex]!.get(name);
    if (known !== undefined) return known;
    const frame = this.#frameNames.length;
    this.#frameNames.push(name);
    this.#frameKinds.push(kindIndex);
    this.#frameOfName[kindIndex]!.set(name, frame);
    return frame;
  }

  /** The stack whose leaf is `frame`, called by the stack `caller` (−1: nothing called it). */
  stackOf(caller: number, frame: number): number {
    const slots = this.#slots;
    const stacks = this.#stacks;
    const mask = slots.length - 1;
    let slot = hashOf(caller, frame) & mask;
    for (;;) {
      const stack = slots[slot]! - 1;
      if (stack < 0) return this.#add(caller, frame, slot);
      if (stacks[2 * stack] === frame && stacks[2 * stack + 1] === caller) return stack;
      slot = (slot + 1) & mask;
    }
  }

  /** Everything so far. */
  table(): StackTable {
    const stackFrame = new Int32Array(this.#stackCount);
    const stackCaller = new Int32Array(this.#stackCount);
    for (let stack = 0; stack < this.#stackCount; stack++) {
      stackFrame[stack] = this.#stacks[2 * stack]!;
      stackCaller[stack] = this.#stacks[2 * stack + 1]!;
    }
    return { frameNames: this.#frameNames, frameKindOf: Uint8Array.from(this.#frameKinds), stackFrame, stackCaller };
  }

  #add(caller: number, frame: number, slot: number): number {
    const stack = this.#stackCount++;
    this.#stacks[2 * stack] = frame;
    this.#stacks[2 * stack + 1] = caller;
    this.#slots[slot] = stack + 1;
    if (this.#stackCount * 2 === this.#slots.length) this.#enlarge();
    return stack;
  }

  /** Stacks take two places each and half of the slots: both arrays are full at once. */
  #enlarge(): void {
    const stacks = new Int32Array(this.#stacks.length * 2);
    stacks.set(this.#stacks);
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let stack = 0; stack < this.#stackCount; stack++) {
      let slot = hashOf(stacks[2 * stack + 1]!, stacks[2 * stack]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = stack + 1;
    }
    this.#stacks = stacks;
    this.#slots = slots;
  }
}

function hashOf(caller: number, frame: number): number {
  const mixed = Math.imul(Math.imul(caller + 1, 0x9e3779b1) ^ frame, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
