import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { attributesOf, isOverLimit, parseReplies } from "../../../src/formats/jolokia/replies.ts";
import { FormatError } from "../../../src/model/errors.ts";

/** As agent 2.6 writes them. */
const bulk = JSON.stringify([
  { value: { ThreadCount: 9 }, status: 200, timestamp: 1 },
  {
    error_type: "javax.management.InstanceNotFoundException",
    ".error": true,
    error_type_jmx: "javax.management.InstanceNotFoundException",
    error: "no:type=Odd",
    status: 404,
  },
  { value: null, status: 200, timestamp: 1 },
]);

describe("a bulk reply", () => {
  test("has one reply per request, each a value or an error", () => {
    expect(parseReplies(bulk, 3)).toEqual([
      { ok: true, value: { ThreadCount: 9 } },
      {
        ok: false,
        error: { status: 404, type: "javax.management.InstanceNotFoundException", message: "no:type=Odd" },
      },
      { ok: true, value: null },
    ]);
  });

  test("is one error where the agent lets nobody in", () => {
    const text = JSON.stringify({ error_type: "java.lang.Exception", error: "No access from client", status: 403 });
    expect(parseReplies(text, 3)).toEqual({
      status: 403,
      type: "java.lang.Exception",
      message: "No access from client",
    });
  });

  test("of another length than was asked for is refused", () => {
    expect(() => parseReplies(bulk, 2)).toThrow(new FormatError("expected 2 replies, got 3"));
  });

  test.each([
    ["", "expected JSON, got nothing"],
    ["<html>", 'expected JSON, got "<html>"'],
    ["{}", 'expected an array of replies, got "{}"'],
    ["7", 'expected an array of replies, got "7"'],
    ["[7]", "expected a reply, got number"],
    ["[{}]", "expected a value or an error in a reply, got neither"],
  ])("%j is not Jolokia's", (text, message) => {
    expect(() => parseReplies(text, 1)).toThrow(new FormatError(message));
  });

  test("cut off at any byte, or of any JSON, is refused as a format error at worst", () => {
    for (let end = 0; end < bulk.length; end++) expect(() => parseReplies(bulk.slice(0, end), 3)).toThrow(FormatError);
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(3), (text, count) => {
        try {
          parseReplies(text, count);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  test("that is nested without end neither overflows nor hangs", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const replies = parseReplies(`[{"value":${deep},"status":200}]`, 1);
    expect(Array.isArray(replies) && replies[0].ok && isOverLimit(replies[0].value)).toBe(false);
  });
});

describe("attributes", () => {
  test("that are errors are parted from the values, as agent 2.6 writes them", () => {
    const error = { error_type: "javax.management.AttributeNotFoundException", ".error": true, error: "No such: Nope" };
    expect(attributesOf({ Huge: 1, Nope: error })).toEqual({
      values: { Huge: 1 },
      errors: [{ status: 500, type: "javax.management.AttributeNotFoundException", message: "No such: Nope" }],
    });
  });

  test("that are errors are parted from the values, as agents 1.6 to 2.2 write them", () => {
    const error = "ERROR: java.lang.IllegalStateException: boom (class javax.management.RuntimeMBeanException)";
    expect(attributesOf({ Text: "ERROR: of the program", Throws: error })).toEqual({
      values: { Text: "ERROR: of the program" },
      errors: [
        {
          status: 500,
          type: "javax.management.RuntimeMBeanException",
          message: "java.lang.IllegalStateException: boom",
        },
      ],
    });
  });

  test("may be called anything", () => {
    const { values } = attributesOf(JSON.parse('{"__proto__":1,"constructor":2}'));
    expect(Object.entries(values)).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    expect(attributesOf(7)).toEqual({ values: {}, errors: [] });
  });
});

test("a long beyond 2^53 is the nearest number", () => {
  const replies = parseReplies('[{"value":{"Max":9223372036854775807,"Min":-9223372036854775808},"status":200}]', 1);
  expect(replies).toEqual([{ ok: true, value: { Max: 2 ** 63, Min: -(2 ** 63) } }]);
});

test("a value of which the agent left out a part is known", () => {
  expect(isOverLimit({ pools: { Eden: { used: 1, max: "[Object limit exceeded]" } } })).toBe(true);
  expect(isOverLimit({ pools: { Eden: { used: 1, max: 2 } } })).toBe(false);
});
