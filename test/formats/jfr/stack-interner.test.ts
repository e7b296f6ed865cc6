import fc from "fast-check";
import { expect, test } from "vitest";
import { StackInterner } from "../../../src/formats/jfr/stack-interner.ts";
import type { StackTable } from "../../../src/model/profile.ts";

const stacksOfNames = fc.array(fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 12 }), {
  maxLength: 4_000,
});

test("equal stacks have one number, others another, and a caller comes before its callee", () => {
  fc.assert(
    fc.property(stacksOfNames, (drawn) => {
      const interner = new StackInterner();
      const numbers = drawn.map((names) =>
        names.reduce((caller, name) => interner.stackOf(caller, interner.frameOf(name, "java")), -1),
      );
      const table = interner.table();
      expect(numbers.map((stack) => namesOf(table, stack))).toEqual(drawn);
      expect(new Set(numbers).size).toBe(new Set(drawn.map((names) => names.join(";"))).size);
      table.stackCaller.forEach((caller, stack) => {
        expect(caller).toBeLessThan(stack);
      });
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("frames of one name are apart by their kind", () => {
  const interner = new StackInterner();
  expect(interner.frameOf("read", "kernel")).not.toBe(interner.frameOf("read", "native"));
  expect(interner.frameOf("read", "kernel")).toBe(interner.frameOf("read", "kernel"));
});

function namesOf(table: StackTable, leaf: number): readonly string[] {
  const names: string[] = [];
  for (let stack = leaf; stack >= 0; stack = table.stackCaller[stack]!) {
    names.unshift(table.frameNames[table.stackFrame[stack]!]!);
  }
  return names;
}
