import { describe, expect, test } from "vitest";
import { joinThreadDumps } from "../../../src/formats/thread-dump/join-dumps.ts";
import { dumpsOf } from "./read-dumps.ts";
import { jdk17, json25 } from "./samples.ts";

/** The dump some seconds later, or of another run of the same service. */
function later(seconds: number): string {
  return jdk17
    .replace("03:04:05", `03:04:${String(5 + seconds).padStart(2, "0")}`)
    .replace(/elapsed=([\d.]+)s/g, (_, elapsed) => `elapsed=${(Number(elapsed) + seconds).toFixed(2)}s`);
}
const otherJvm = jdk17.replaceAll("0x00007f1a", "0x00007e55");

describe("dumps of several files", () => {
  test("of one JVM are one series in the order of time, however they were given", () => {
    const files = [later(20), jdk17, later(10)].map((text, index) => dumpsOf(text, `${index}.txt`));
    const [series, ...others] = joinThreadDumps(files);
    expect(others).toEqual([]);
    expect(series?.members).toEqual([0, 1, 2]);
    expect(series?.evidence.file.name).toBe("0.txt, 1.txt, 2.txt");
    expect(series?.evidence.dumps.map(({ takenAt }) => takenAt?.slice(-2))).toEqual(["05", "15", "25"]);
    const stacks = series?.evidence.dumps.map(({ threads }) => threads[1]?.frames);
    expect(stacks?.[1]).toBe(stacks?.[0]);
  });

  test("of other JVMs stay apart, although the threads have the same names and numbers", () => {
    const files = [jdk17, otherJvm, later(5), json25, json25.replace("4711", "4712")].map((text) => dumpsOf(text));
    expect(joinThreadDumps(files).map(({ members }) => members)).toEqual([[0, 2], [1], [3], [4]]);
  });

  test("one file stays what it is", () => {
    const file = dumpsOf(jdk17);
    expect(joinThreadDumps([file])[0]?.evidence).toBe(file);
  });
});
