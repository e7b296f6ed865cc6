import { describe, expect, test } from "vitest";
import { eventTest, parseSelection, secondsAfterStart, stateTest, threadTest } from "../../src/cli/selection.ts";
import { UsageError } from "../../src/model/errors.ts";
import { poolOf } from "../../src/model/thread-pool.ts";

const startMillis = Date.UTC(2026, 10, 25, 23, 59, 30);

function secondsOf(from: string): number {
  return secondsAfterStart(parseSelection({ from }).from!, startMillis);
}

function threadNamed(name: string) {
  return { name, pool: poolOf(name), javaId: undefined, osId: undefined, isVirtual: false };
}

describe("times in a recording", () => {
  test.each([
    ["30s", 30],
    ["1.5m", 90],
    ["23:59:40", 10],
    ["00:00:10", 40],
    ["2026-11-26T00:01:00Z", 90],
    ["2026-11-26T00:01:00", 90],
  ])("%s is %d seconds after the start", (text, seconds) => {
    expect(secondsOf(text)).toBeCloseTo(seconds, 6);
  });

  test.each(["soon", "25h:10", "-3s", "2026-13-45T00:00:00Z"])("'%s' is refused", (text) => {
    expect(() => secondsOf(text)).toThrow(UsageError);
  });
});

describe("what is selected", () => {
  test("threads go by their own name or their pool's, with * for anything", () => {
    const isWanted = threadTest(parseSelection({ thread: "kafka-request-handler-*,main" }))!;
    expect(["kafka-request-handler-3", "main", "other"].map((name) => isWanted(threadNamed(name)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("states and events go by their short names, too", () => {
    const isState = stateTest(parseSelection({ state: "runnable" }))!;
    expect(["STATE_RUNNABLE", "RUNNABLE", "STATE_SLEEPING"].map(isState)).toEqual([true, true, false]);
    const isEvent = eventTest(parseSelection({ event: "FileRead,jdk.Socket*" }))!;
    expect(["jdk.FileRead", "jdk.SocketWrite", "jdk.FileWrite"].map(isEvent)).toEqual([true, true, false]);
  });

  test("nothing asked selects nothing away", () => {
    const selection = parseSelection({});
    expect([threadTest(selection), stateTest(selection), eventTest(selection)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
