import { expect, test } from "vitest";
import { parseDuration, parseSize } from "../../src/cli/quantities.ts";
import { UsageError } from "../../src/model/errors.ts";

test.each([
  ["250ms", 0.25],
  ["30s", 30],
  ["30", 30],
  ["5m", 300],
  ["1.5h", 5400],
])("a duration of %s is %d seconds", (text, seconds) => {
  expect(parseDuration("--duration", text)).toBeCloseTo(seconds, 9);
});

test.each([
  ["100", 100],
  ["1k", 1024],
  ["256MB", 256 * 2 ** 20],
  ["1.5 GiB", 1.5 * 2 ** 30],
  ["2G", 2 ** 31],
])("a size of %s is %d bytes", (text, bytes) => {
  expect(parseSize("--max-size", text)).toBe(bytes);
});

test.each(["", "s", "-1s", "1 year", "1e3"])("'%s' is no duration", (text) => {
  expect(() => parseDuration("--duration", text)).toThrow(UsageError);
});

test.each(["", "MB", "-1", "1 TB", "0x10"])("'%s' is no size", (text) => {
  expect(() => parseSize("--max-size", text)).toThrow(UsageError);
});
