import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitArgumentFile, splitOptions } from "../../src/jvm/argument-words.ts";

describe("words of an argument file", () => {
  test.each([
    ["-Xmx1g -cp\n lib\tMain", ["-Xmx1g", "-cp", "lib", "Main"]],
    ['-Dx="a b"', ["-Dx=a b"]],
    [`-Dx="a"'b"'c`, ['-Dx=ab"c']],
    ['-Dx="a\\tb\\q\\"c"', ['-Dx=a\tbq"c']],
    ['-Dx="a\\\n   b"', ["-Dx=ab"]],
    ["-Dx=a\\b", ["-Dx=a\\b"]],
    ['"" Main', ["", "Main"]],
    ['"unclosed\nnext', ["unclosed\nnext"]],
    ["-Da=1 # -Db=2\n-Dc=3", ["-Da=1", "-Dc=3"]],
    ['-Dx="a#b" Main', ["-Dx=a#b", "Main"]],
  ])("%j are %j", (text, words) => {
    expect(splitArgumentFile(text)).toEqual(words);
  });

  test("a # inside a word drops the word as well, as the launcher does", () => {
    expect(splitArgumentFile("-Da=b#c -Dd=e\nMain")).toEqual(["Main"]);
  });

  test("any text has an end", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", '"', "'", "\\", "#", "\n") }), (text) => {
        expect(splitArgumentFile(text).join("").length).toBeLessThanOrEqual(text.length);
      }),
      { seed: 7 },
    );
  });
});

describe("words of JAVA_TOOL_OPTIONS", () => {
  test.each([
    ["-Xmx1g  -Dt='v w'\t-Dx=\"a b\"", ["-Xmx1g", "-Dt=v w", "-Dx=a b"]],
    ['-Da="b\\"c', ["-Da=b\\c"]],
    ["", []],
    ['"" -x', ["", "-x"]],
  ])("%j are %j", (text, words) => {
    expect(splitOptions(text)).toEqual(words);
  });
});
