import { Int32Column } from "../../bytes/growable.ts";
import { type FrameKind, frameKinds, type StackTable } from "../../model/profile.ts";

const firstSlots = 1 << 12;

/** Gives equal frames and equal stacks one number each, whichever chunk they come from. */
export class StackInterner {
  readonly #frameNames: string[] = [];
  readonly #frameKinds: number[] = [];
  readonly #frameOfName: readonly Map<string, number>[] = frameKinds.map(() => new Map());
  readonly #stackFrame = new Int32Column();
  readonly #stackCaller = new Int32Column();
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
    const mask = slots.length - 1;
    const frames = this.#stackFrame.values;
    const callers = this.#stackCaller.values;
    let slot = hashOf(caller, frame) & mask;
    for (;;) {
      const stack = slots[slot]! - 1;
      if (stack < 0) return this.#add(caller, frame, slot);
      if (callers[stack] === caller && frames[stack] === frame) return stack;
      slot = (slot + 1) & mask;
    }
  }

  /** Everything so far. */
  table(): StackTable {
    return {
      frameNames: this.#frameNames,
      frameKindOf: Uint8Array.from(this.#frameKinds),
      stackFrame: this.#stackFrame.values.slice(),
      stackCaller: this.#stackCaller.values.slice(),
    };
  }

  #add(caller: number, frame: number, slot: number): number {
    const stack = this.#stackFrame.length;
    this.#stackFrame.push(frame);
    this.#stackCaller.push(caller);
    this.#slots[slot] = stack + 1;
    if (this.#stackFrame.length * 2 > this.#slots.length) this.#enlarge();
    return stack;
  }

  #enlarge(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const frames = this.#stackFrame.values;
    const callers = this.#stackCaller.values;
    for (let stack = 0; stack < frames.length; stack++) {
      let slot = hashOf(callers[stack]!, frames[stack]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = stack + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(caller: number, frame: number): number {
  const mixed = Math.imul(Math.imul(caller + 1, 0x9e3779b1) ^ frame, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
