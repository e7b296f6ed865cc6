import { noStack, StackBuilder } from "../../bytes/stack-builder.ts";
import type { StackTable } from "../../model/profile.ts";
import type { AddressName } from "../elf/address-names.ts";
import { isAllocatorFunction, isAllocatorLibrary } from "./allocator-frames.ts";
import type { HeapProfile } from "./heap-profile.ts";

/** Stacks by name. */
export interface NamedStacks {
  readonly table: StackTable;
  /** By stack of the file: number in the table, −1 where the allocator's own frames are all there is. */
  readonly stackOf: Int32Array;
}

/** The frames that one address stands for: several when functions are inlined. The innermost first. */
export type FramesOfAddress = readonly AddressName[];

const ofLibrary = 1;
const ofFunction = 2;

/** Stacks of names: allocators' frames are left out, up to the outermost of them. */
export function namedStacks(profile: HeapProfile, names: readonly FramesOfAddress[]): NamedStacks {
  const builder = new StackBuilder();
  const frames = new AddressFrames(names, builder);
  const marks = Uint8Array.from(names, markOf);
  const { firstAddress, stackAddress } = profile;
  const stackOf = new Int32Array(firstAddress.length - 1);
  for (let stack = 0; stack < stackOf.length; stack++) {
    const end = firstAddress[stack + 1]!;
    let start = firstAddress[stack]!;
    while (start < end && (marks[stackAddress[start]!]! & ofLibrary) !== 0) start++;
    for (let at = start; at < end; at++) if ((marks[stackAddress[at]!]! & ofFunction) !== 0) start = at + 1;
    let named = noStack;
    for (let at = end - 1; at >= start; at--) named = frames.call(named, stackAddress[at]!);
    stackOf[stack] = named;
  }
  return { table: builder.table(), stackOf };
}

function markOf(list: FramesOfAddress): number {
  const isLibrary = list.some(({ path }) => isAllocatorLibrary(path));
  const isFunction = list.some(({ text }) => isAllocatorFunction(text));
  return (isLibrary ? ofLibrary : 0) | (isFunction ? ofFunction : 0);
}

/** Frames by address; only those that are on a stack get numbers. */
class AddressFrames {
  readonly #names: readonly FramesOfAddress[];
  readonly #builder: StackBuilder;
  /** The frame of an address that stands for one; −1 when it is not known, or several. */
  readonly #single: Int32Array;

  constructor(names: readonly FramesOfAddress[], builder: StackBuilder) {
    this.#names = names;
    this.#builder = builder;
    this.#single = new Int32Array(names.length).fill(-1);
  }

  /** The stack in which an address was called by `caller`. */
  call(caller: number, address: number): number {
    const single = this.#single[address]!;
    return single >= 0 ? this.#builder.call(caller, single) : this.#callAll(caller, address);
  }

  #callAll(caller: number, address: number): number {
    const frames = this.#names[address]!.map(({ text, kind }) => this.#builder.frame(text, kind));
    if (frames.length === 1) this.#single[address] = frames[0]!;
    return frames.reduceRight((stack, frame) => this.#builder.call(stack, frame), caller);
  }
}
