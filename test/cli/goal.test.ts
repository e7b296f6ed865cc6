import { describe, expect, test } from "vitest";
import { parseGoal } from "../../src/cli/goal.ts";

describe("--goal", () => {
  test("has a pause, a throughput, and timeouts of any name", () => {
    expect(parseGoal("--goal", "pause=200ms, throughput=99.5%,lease=10s,zookeeper=6s")).toEqual({
      pauseSeconds: 0.2,
      throughput: 0.995,
      timeouts: [
        { name: "lease", seconds: 10 },
        { name: "zookeeper", seconds: 6 },
      ],
    });
    expect(parseGoal("--goal", "throughput=0.9").throughput).toBe(0.9);
  });

  test.each([
    ["", "takes goals such as pause=200ms,throughput=99%, got none"],
    ["fast", "takes name=value such as pause=200ms or lease=10s, got 'fast'"],
    ["pause=soon", "--goal pause takes a time such as 30s or 5m, got 'soon'"],
    ["pause=0ms", "takes a time of more than nothing, got '0ms'"],
    ["throughput=120%", "takes a share such as 99% or 0.99, got '120%'"],
    ["pause=1s,pause=2s", "has 'pause' twice"],
  ])("'%s' is refused, with what to write", (text, message) => {
    expect(() => parseGoal("--goal", text)).toThrow(message);
  });
});
