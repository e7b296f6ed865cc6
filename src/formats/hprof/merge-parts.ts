import {
  type ChunkColumns,
  type ClassCounts,
  lengthClasses,
  type RangeIndex,
  samplesPerClass,
} from "./index-ranges.ts";
import type { LinkResult } from "./link-chunks.ts";

/** The chunks of all threads in the order of the file. */
export function mergeChunks(parts: readonly RangeIndex[]): ChunkColumns {
  const joined = {
    start: concat(parts.map(({ chunks }) => chunks.start)),
    end: concat(parts.map(({ chunks }) => chunks.end)),
    minPage: concat(parts.map(({ chunks }) => chunks.minPage)),
    maxPage: concat(parts.map(({ chunks }) => chunks.maxPage)),
    edgeBound: concat(parts.map(({ chunks }) => chunks.edgeBound)),
  };
  const order = Array.from(joined.start.keys()).sort((a, b) => joined.start[a]! - joined.start[b]!);
  const sorted = (column: Float64Array) => Float64Array.from(order, (i) => column[i]!);
  return {
    start: sorted(joined.start),
    end: sorted(joined.end),
    minPage: sorted(joined.minPage),
    maxPage: sorted(joined.maxPage),
    edgeBound: sorted(joined.edgeBound),
  };
}

/** Ids of classes that only objects mention, ascending. */
export function unknownClassIds(parts: readonly RangeIndex[]): number[] {
  const ids = new Set(parts.flatMap(({ unknownClassIds }) => Array.from(unknownClassIds)));
  return [...ids].sort((a, b) => a - b);
}

/** Adds up counts by class index. `unknown` are the ids of the classes from index `namedCount` on; samples of the parts alternate. */
export function mergeCounts(
  parts: readonly RangeIndex[],
  namedCount: number,
  unknown: readonly number[],
  classCount: number,
): ClassCounts {
  const merged: ClassCounts = {
    instances: new Int32Array(new SharedArrayBuffer(classCount * 4)),
    elements: new Float64Array(new SharedArrayBuffer(classCount * 8)),
    lengths: new Int32Array(new SharedArrayBuffer(classCount * lengthClasses * 4)),
    sampleAddress: new Float64Array(new SharedArrayBuffer(classCount * samplesPerClass * 8)),
    sampleLength: new Float64Array(new SharedArrayBuffer(classCount * samplesPerClass * 8)),
    sampleOffset: new Float64Array(new SharedArrayBuffer(classCount * samplesPerClass * 8)),
  };
  for (const { counts, unknownClassIds } of parts) {
    for (let index = 0; index < namedCount; index++) addCounts(merged, index, counts, index);
    unknownClassIds.forEach((id, i) => {
      addCounts(merged, namedCount + unknown.indexOf(id), counts, namedCount + i);
    });
  }
  return merged;
}

function addCounts(to: ClassCounts, toIndex: number, from: ClassCounts, fromIndex: number): void {
  if (from.instances[fromIndex] === 0) return;
  mergeSamples(to, toIndex, from, fromIndex);
  to.instances[toIndex]! += from.instances[fromIndex]!;
  to.elements[toIndex]! += from.elements[fromIndex]!;
  for (let i = 0; i < lengthClasses; i++) {
    to.lengths[toIndex * lengthClasses + i]! += from.lengths[fromIndex * lengthClasses + i]!;
  }
}

/** Keeps the samples that come first in the file, so that they are the same however threads share the work; each side is in that order. */
function mergeSamples(to: ClassCounts, toIndex: number, from: ClassCounts, fromIndex: number): void {
  const start = toIndex * samplesPerClass;
  const known = Math.min(samplesPerClass, to.instances[toIndex]!);
  const added = Math.min(samplesPerClass, from.instances[fromIndex]!);
  for (let i = 0; i < known; i++) {
    ownAddress[i] = to.sampleAddress[start + i]!;
    ownLength[i] = to.sampleLength[start + i]!;
    ownOffset[i] = to.sampleOffset[start + i]!;
  }
  let own = 0;
  let other = fromIndex * samplesPerClass;
  const otherEnd = other + added;
  for (let i = 0; i < samplesPerClass && (own < known || other < otherEnd); i++) {
    const isOwn = other === otherEnd || (own < known && ownOffset[own]! < from.sampleOffset[other]!);
    to.sampleAddress[start + i] = isOwn ? ownAddress[own]! : from.sampleAddress[other]!;
    to.sampleLength[start + i] = isOwn ? ownLength[own]! : from.sampleLength[other]!;
    to.sampleOffset[start + i] = isOwn ? ownOffset[own]! : from.sampleOffset[other]!;
    if (isOwn) own++;
    else other++;
  }
}

const ownAddress = new Float64Array(samplesPerClass);
const ownLength = new Float64Array(samplesPerClass);
const ownOffset = new Float64Array(samplesPerClass);

/** Large objects of all threads, ordinals ascending. */
export function mergeLarge(parts: readonly LinkResult[]): LinkResult["large"] {
  const ordinals = parts.flatMap(({ large }) => Array.from(large.ordinals));
  const bytes = parts.flatMap(({ large }) => Array.from(large.bytes));
  const order = ordinals.map((_, i) => i).sort((a, b) => ordinals[a]! - ordinals[b]!);
  return { ordinals: Int32Array.from(order, (i) => ordinals[i]!), bytes: Float64Array.from(order, (i) => bytes[i]!) };
}

/** Weak references of all threads; their order is that of the threads' chunks and means nothing. */
export function mergeWeak(parts: readonly LinkResult[]): { from: Int32Array; to: Int32Array; strength: Uint8Array } {
  return {
    from: concatInts(parts.map(({ weak }) => weak.from)),
    to: concatInts(parts.map(({ weak }) => weak.to)),
    strength: Uint8Array.from(concatInts(parts.map(({ weak }) => weak.strength))),
  };
}

function concat(columns: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}

function concatInts(columns: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}
