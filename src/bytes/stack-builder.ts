import { type FrameKind, frameKinds, type StackTable } from "../model/profile.ts";

/** What a `StackBuilder` hands out: the stack without frames, which calls every root. */
export const noStack = -1;

/** Gives every distinct frame and every distinct stack a number, in the order in which they come. */
export class StackBuilder {
  readonly #frameOf: readonly Map<string, number>[] = frameKinds.map(() => new Map());
  readonly #frameNames: string[] = [];
  readonly #frameKinds: number[] = [];
  #stackFrame = new Int32Array(256);
  #stackCaller = new Int32Array(256);
  #stackCount = 0;
  /** Open addressing by caller and frame; a slot holds a stack + 1, 0 is empty. */
  #slots = new Int32Array(1024);

  get stackCount(): number {
    return this.#stackCount;
  }

  get frameCount(): number {
    return this.#frameNames.length;
  }

  /** The number of a frame; frames of equal name and different kind are different. */
  frame(name: string, kind: FrameKind = "java"): number {
    const kindIndex = frameKinds.indexOf(kind);
    const known = this.#frameOf[kindIndex]!;
    const frame = known.get(name);
    return frame ?? this.#addFrame(name, kindIndex);
  }

  /** The stack in which `frame` was called by `caller` (`noStack` for a root). */
  call(caller: number, frame: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(caller, frame) & mask;
    for (;;) {
      const stack = this.#slots[slot]! - 1;
      if (stack < 0) return this.#addStack(slot, caller, frame);
      if (this.#stackFrame[stack] === frame && this.#stackCaller[stack] === caller) return stack;
      slot = (slot + 1) & mask;
    }
  }

  /** The stack of these frames, the root first. */
  stack(rootFirst: Iterable<number>): number {
    let stack = noStack;
    for (const frame of rootFirst) stack = this.call(stack, frame);
    return stack;
  }

  /** What was built so far; later additions do not change it. */
  table(): StackTable {
    return {
      frameNames: [...this.#frameNames],
      frameKindOf: Uint8Array.from(this.#frameKinds),
      stackFrame: this.#stackFrame.slice(0, this.#stackCount),
      stackCaller: this.#stackCaller.slice(0, this.#stackCount),
    };
  }

  #addFrame(name: string, kindIndex: number): number {
    const frame = this.#frameNames.length;
    this.#frameOf[kindIndex]!.set(name, frame);
    this.#frameNames.push(name);
    this.#frameKinds.push(kindIndex);
    return frame;
  }

  #addStack(slot: number, caller: number, frame: number): number {
    const stack = this.#stackCount++;
    if (stack === this.#stackFrame.length) {
      this.#stackFrame = doubled(this.#stackFrame);
      this.#stackCaller = doubled(this.#stackCaller);
    }
    this.#stackFrame[stack] = frame;
    this.#stackCaller[stack] = caller;
    this.#slots[slot] = stack + 1;
    if (this.#stackCount * 2 > this.#slots.length) this.#rehash();
    return stack;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let stack = 0; stack < this.#stackCount; stack++) {
      let slot = hashOf(this.#stackCaller[stack]!, this.#stackFrame[stack]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = stack + 1;
    }
    this.#slots = slots;
  }
}

/** Both numbers are dense and small, so they must be spread over all bits. */
function hashOf(caller: number, frame: number): number {
  let hash = Math.imul(caller + 1, 0x9e3779b1) ^ Math.imul(frame + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(values.length * 2);
  larger.set(values);
  return larger;
}
