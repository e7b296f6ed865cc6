import { expect, test } from "vitest";
import { formatBytes, formatCount, formatNumberOf, formatPercent } from "../../src/model/format-number.ts";

test("bytes have three significant digits", () => {
  const sizes = [0, 318, 1023, 1024, 10_239, 1_047_552, 1_048_575, 606 * 2 ** 20, 1.19 * 2 ** 30];
  expect(sizes.map(formatBytes)).toEqual([
    "0 B",
    "318 B",
    "1,023 B",
    "1.00 KiB",
    "10.0 KiB",
    "1,023 KiB",
    "1.00 MiB",
    "606 MiB",
    "1.19 GiB",
  ]);
});

test("a share is 100 % only when it is all, and 0 % only when it is nothing", () => {
  expect([0, 0.0001, 0.042, 0.0996, 0.87, 0.9999, 1].map(formatPercent)).toEqual([
    "0 %",
    "<0.1 %",
    "4.2 %",
    "10 %",
    "87 %",
    "99.9 %",
    "100 %",
  ]);
});

test("counts have thousands separators and their nouns agree", () => {
  expect([
    formatCount(4_194_304),
    formatCount(-1234.5, 1),
    formatNumberOf(1, "thread"),
    formatNumberOf(1000, "thread"),
  ]).toEqual(["4,194,304", "-1,234.5", "1 thread", "1,000 threads"]);
});
