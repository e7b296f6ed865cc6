import { expect, test } from "vitest";
import { parseUptime } from "../../../src/formats/jcmd/uptime.ts";

test("an uptime is in seconds, and may come with the time of asking (real, JDK 17)", () => {
  expect(parseUptime("4711:\n4.470 s\n")).toEqual({ uptimeSeconds: 4.47, takenAtMillis: undefined });
  expect(parseUptime("2026-11-25T03:44:35.209+0530: 4.649 s\n")).toEqual({
    uptimeSeconds: 4.649,
    takenAtMillis: Date.UTC(2026, 10, 24, 22, 14, 35, 209),
  });
});

test("a cut reply, or another one, tells no uptime", () => {
  for (const text of ["", "4.4", "4.470 seconds", "2026-11-25T03:44:35.209+0000: "]) {
    expect(parseUptime(text)).toBeUndefined();
  }
});
