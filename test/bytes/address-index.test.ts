import fc from "fast-check";
import { expect, test } from "vitest";
import { AddressBitmap } from "../../src/bytes/address-bitmap.ts";
import { addressOf, buildAddressIndex, gapAfter, ordinalOfAddress } from "../../src/bytes/address-index.ts";

function bitmapOf(addresses: readonly number[]) {
  const bitmap = new AddressBitmap();
  for (const address of addresses) {
    const words = bitmap.page(Math.floor(address / 2 ** 23));
    words[Math.floor(address / 256) & 0x7fff]! |= 1 << (Math.floor(address / 8) & 31);
  }
  return bitmap.pages();
}

/** Addresses in a few pages that lie far apart, so that pages are shared and missing. */
const addresses = fc.array(
  fc
    .tuple(fc.constantFrom(0x7_0000_0000, 0x7_0080_0000, 0x400_0000_0000), fc.nat(0xfffff))
    .map(([page, unit]) => page + unit * 8),
  { minLength: 1, maxLength: 200 },
);

test("ordinals are the ranks of addresses, both ways, whichever thread saw them", () => {
  fc.assert(
    fc.property(addresses, addresses, (first, second) => {
      const index = buildAddressIndex([bitmapOf(first), bitmapOf(second)]);
      const sorted = [...new Set([...first, ...second])].sort((a, b) => a - b);
      expect(index.count).toBe(sorted.length);
      sorted.forEach((address, i) => {
        expect(ordinalOfAddress(index, address)).toBe(i + 1);
        expect(addressOf(index, i + 1)).toBe(address);
        expect(gapAfter(index, address)).toBe(i + 1 < sorted.length ? sorted[i + 1]! - address : 0);
      });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("addresses without an object have no ordinal", () => {
  const index = buildAddressIndex([bitmapOf([0x7_0000_0010])]);
  for (const address of [0, 8, 0x7_0000_0008, 0x7_0000_0018, 0x7_0080_0010, 0x400_0000_0000])
    expect(ordinalOfAddress(index, address)).toBe(0);
});

test("an empty heap has an empty index", () => {
  const index = buildAddressIndex([]);
  expect(index.count).toBe(0);
  expect(ordinalOfAddress(index, 0x7_0000_0010)).toBe(0);
});
