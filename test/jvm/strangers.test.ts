import { describe, expect, test } from "vitest";
import { parseStat } from "../../src/formats/proc/stat.ts";
import { Strangers } from "../../src/jvm/strangers.ts";
import { statLine } from "../host/drawn-files.ts";

const stat = (pid: number, virtualBytes: number) => ({ ...parseStat(statLine(pid, 100)), virtualBytes });

/** In which of so many rounds a process is looked at. */
function looks(rounds: number, of = stat(7, 1 << 20)): readonly number[] {
  const strangers = new Strangers();
  return Array.from({ length: rounds }, (_, round) => round).filter(() => {
    strangers.beginRound();
    if (strangers.isResting(of.pid)) return false;
    strangers.note(of);
    return true;
  });
}

describe("a process that runs no JVM", () => {
  test("is looked at in every round at first, and later in every third", () => {
    expect(looks(20)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 17]);
  });

  test("and is a thread of the kernel is looked at in every twelfth", () => {
    expect(looks(30, stat(2, 0))).toEqual([0, 12, 24]);
  });

  test("but is a zombie may be another's pid at once", () => {
    expect(looks(3, { ...stat(7, 0), state: "Z" })).toEqual([0, 1, 2]);
  });
});

test("who was not met in a round is new in the next", () => {
  const strangers = new Strangers();
  strangers.beginRound();
  strangers.note(stat(2, 0));
  strangers.beginRound();
  strangers.beginRound();
  expect(strangers.isResting(2)).toBe(false);
});
