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

/** Stacks of names: allocators' frames are left out, up to the outermost of them. */
export function namedStacks(profile: HeapProfile, names: readonly FramesOfAddress[]): NamedStacks {
  const builder = new StackBuilder();
  const frames: (readonly number[] | undefined)[] = new Array(names.length).fill(undefined);
  // Only frames that are on a stack get numbers.
  const framesAt = (address: number) =>
    (frames[address] ??= names[address]!.map(({ text, kind }) => builder.frame(text, kind)));
  const isAllocator = Uint8Array.from(names, (list) => (list.some(({ text }) => isAllocatorFunction(text)) ? 1 : 0));
  const isOfAllocator = Uint8Array.from(names, (list) => (list.some(({ path }) => isAllocatorLibrary(path)) ? 1 : 0));
  const { firstAddress, stackAddress } = profile;
  const stackOf = new Int32Array(firstAddress.length - 1);
  for (let stack = 0; stack < stackOf.length; stack++) {
    const first = firstAddress[stack]!;
    const end = firstAddress[stack + 1]!;
    let start = first;
    while (start < end && isOfAllocator[stackAddress[start]!] === 1) start++;
    for (let at = start; at < end; at++) if (isAllocator[stackAddress[at]!] === 1) start = at + 1;
    let named = noStack;
    for (let at = end - 1; at >= start; at--) {
      const ofAddress = framesAt(stackAddress[at]!);
      for (let inner = ofAddress.length - 1; inner >= 0; inner--) named = builder.call(named, ofAddress[inner]!);
    }
    stackOf[stack] = named;
  }
  return { table: builder.table(), stackOf };
}
