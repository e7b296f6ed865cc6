import { type AddressIndex, gapAfter } from "../../bytes/address-index.ts";
import { type ClassCounts, samplesPerClass } from "./index-ranges.ts";
import type { SizeInput } from "./sizes.ts";

/** The smallest gap among a class's samples, how many samples have it, and how many there are; 0 when there is none. */
export interface Gap {
  readonly bytes: number;
  readonly times: number;
  readonly samples: number;
}
export const noGap: Gap = { bytes: 0, times: 0, samples: 0 };

/** By class index: the smallest gap behind the sampled instances. */
export function smallestGaps({ classes, counts, addresses }: SizeInput): Gap[] {
  return classes.map(({ kind }, index) => {
    if (kind !== "instance") return noGap;
    return smallest(sampledGaps(counts, addresses, index).map(({ gap }) => gap));
  });
}

function smallest(values: readonly number[]): Gap {
  const bytes = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const times = values.filter((value) => value === bytes).length;
  return values.length === 0 ? noGap : { bytes, times, samples: values.length };
}

/** The gaps behind a class's samples, with the lengths of arrays. */
export function sampledGaps(
  counts: ClassCounts,
  addresses: AddressIndex,
  index: number,
): { gap: number; length: number }[] {
  const samples: { gap: number; length: number }[] = [];
  const first = index * samplesPerClass;
  const end = first + Math.min(counts.instances[index]!, samplesPerClass);
  for (let at = first; at < end; at++) {
    const gap = gapAfter(addresses, counts.sampleAddress[at]!);
    if (gap > 0) samples.push({ gap, length: counts.sampleLength[at]! });
  }
  return samples;
}

/** The largest power of two (8–256) that divides every sampled address; 8 when there are too few to tell. */
export function learnAlignment({ classes, counts }: SizeInput): number {
  let low = 0;
  let seen = 0;
  for (let at = 0; at < classes.length * samplesPerClass; at++) {
    const address = counts.sampleAddress[at]!;
    if (address === 0) continue;
    low |= address & 0xff;
    seen++;
  }
  if (seen < 32) return 8;
  return low === 0 ? 256 : Math.max(8, low & -low);
}

/** The value that occurs most often, the smaller one of equals; those above 512 are no object's size here. */
export function mostFrequent(values: readonly number[]): Gap {
  const times = new Map<number, number>();
  for (const value of values) if (value <= 512) times.set(value, (times.get(value) ?? 0) + 1);
  let best = noGap;
  for (const [bytes, count] of times) {
    if (count > best.times || (count === best.times && bytes < best.bytes))
      best = { bytes, times: count, samples: values.length };
  }
  return best;
}
