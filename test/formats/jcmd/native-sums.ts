import type { NativeCategory, NativeMemory } from "../../../src/formats/jcmd/native-memory.ts";

/** What the total of a report has more than the sum of its categories: reserved, committed, and where it tells them malloc and mmap. */
export function differencesFromTotal({ total, categories }: NativeMemory): readonly number[] {
  if (!total) throw new Error("expected a total");
  const sum = (amount: (category: NativeCategory) => number) =>
    categories.reduce((bytes, category) => bytes + amount(category), 0);
  const malloc = sum((category) => category.malloc.bytes + category.arena.bytes + category.overhead.bytes);
  const mmap = sum((category) => category.mmap.committedBytes + category.stack.committedBytes);
  return [
    total.reservedBytes - sum(({ reservedBytes }) => reservedBytes),
    total.committedBytes - sum(({ committedBytes }) => committedBytes),
    ...(total.malloc ? [total.malloc.bytes - malloc] : []),
    ...(total.mmap ? [total.mmap.committedBytes - mmap] : []),
  ];
}
