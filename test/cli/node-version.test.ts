import { expect, test } from "vitest";
import { nodeComplaint } from "../../src/cli/node-version.ts";

test.each(["22.18.0", "22.20.1", "24.0.0"])("Node.js %s is new enough", (version) => {
  expect(nodeComplaint(version, ">=22.18")).toBeUndefined();
});

test.each(["18.20.4", "20.20.2", "22.9.0", "22.17.1"])("Node.js %s is too old, and jprof says so", (version) => {
  expect(nodeComplaint(version, ">=22.18")).toBe(
    `needs Node.js 22.18 or newer, this is ${version}; run it with a newer one`,
  );
});
