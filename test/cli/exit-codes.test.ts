import { expect, test } from "vitest";
import { exitCodeOf, messageOf } from "../../src/cli/exit-codes.ts";
import { FormatError, TargetError, UsageError } from "../../src/model/errors.ts";

test.each([
  [new UsageError("no"), 2],
  [new FormatError("no", 7), 3],
  [new TargetError("no"), 3],
  [Object.assign(new Error("ENOSPC"), { errno: -28, syscall: "write" }), 3],
  [new RangeError("Array buffer allocation failed"), 3],
  [new TypeError("x is undefined"), 70],
  ["thrown text", 70],
])("%s exits with %i", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test("a bug says that it is one, memory says what to do, and the others only what they are", () => {
  expect(messageOf(new TypeError("x is undefined"))).toContain("this is a bug in jprof");
  expect(messageOf(new RangeError("Array buffer allocation failed"))).toContain("not enough memory");
  expect(messageOf(new FormatError("expected 1, got 2", 7))).toBe("expected 1, got 2 (at byte 7)");
});
