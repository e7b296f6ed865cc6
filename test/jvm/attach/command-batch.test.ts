import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinBatch, splitBatch } from "../../../src/jvm/attach/command-batch.ts";

const batch = { commands: ["VM.uptime", "VM.version"], nonce: "jprof-1-1" };
const mark = (index: number) => `Help unavailable : 'jprof-1-1-${index}' : No such command\n`;

describe("a batch", () => {
  test("has a mark before, between and after its commands", () => {
    expect(joinBatch(batch).split("\n")).toEqual([
      "help jprof-1-1-0",
      "VM.uptime",
      "help jprof-1-1-1",
      "VM.version",
      "help jprof-1-1-2",
    ]);
  });

  test("is taken apart at its marks, also where a reply does not end its last line", () => {
    expect(splitBatch(batch, `${mark(0)}1 s\n${mark(1)}OpenJDK${mark(2)}`)).toEqual({
      texts: ["1 s\n", "OpenJDK"],
      rest: "",
      hasMarks: true,
    });
  });

  test("tells which command failed, and what it said", () => {
    const error = "java.lang.IllegalArgumentException: Unknown diagnostic command\n";
    expect(splitBatch(batch, `${mark(0)}1 s\n${mark(1)}${error}`)).toEqual({
      texts: ["1 s\n"],
      rest: error,
      hasMarks: true,
    });
  });

  test("of a JVM that makes no marks is not taken apart", () => {
    expect(splitBatch(batch, "1 s\nOpenJDK\n")).toEqual({ texts: [], rest: "1 s\nOpenJDK\n", hasMarks: false });
  });

  test("is not confused by the marks of another one", () => {
    const foreign = "Help unavailable : 'jprof-1-2-1' : No such command\n";
    expect(splitBatch(batch, `${mark(0)}${foreign}${mark(1)}v\n${mark(2)}`).texts).toEqual([foreign, "v\n"]);
  });

  test("gives back what was printed, and of a reply that is cut off no more than its whole parts", () => {
    const texts = fc.array(fc.string({ maxLength: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, fc.nat(), (printed, cut) => {
        const commands = printed.map((_, index) => `C.c${index}`);
        const asked = { commands, nonce: "jprof-1-1" };
        const reply = mark(0) + printed.map((text, index) => text + mark(index + 1)).join("");
        expect(splitBatch(asked, reply).texts).toEqual(printed);
        const part = splitBatch(asked, reply.slice(0, cut % reply.length));
        expect(part.texts).toEqual(printed.slice(0, part.texts.length));
        expect(part.texts.length).toBeLessThan(printed.length);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
