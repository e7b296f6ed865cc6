import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseReply } from "../../../src/jvm/attach/reply.ts";

describe("a reply", () => {
  test("begins with a status line, and the rest is text", () => {
    expect(parseReply(Buffer.from("0\n14.5 s\n"))).toEqual({ status: 0, text: "14.5 s\n" });
    expect(parseReply(Buffer.from("-1\nOperation getversion not recognized!"))).toEqual({
      status: -1,
      text: "Operation getversion not recognized!",
    });
    expect(parseReply(Buffer.from("101\n"))).toEqual({ status: 101, text: "" });
  });

  test("without a status line is none", () => {
    for (const text of ["", "0", "\n", "x\n", "-\n", "99999999999\n", "HTTP/1.1 200 OK\n"]) {
      expect(parseReply(Buffer.from(text))).toBeUndefined();
    }
  });

  test("that is cut off anywhere, or of random bytes, is parsed or is none", () => {
    const whole = Buffer.from("-1\nväl\n");
    for (let end = 0; end <= whole.length; end++) parseReply(whole.subarray(0, end));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseReply(bytes);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
