import { expect, test } from "vitest";
import { progressLine } from "../../src/cli/progress.ts";

function fakeTerminal() {
  const written: string[] = [];
  const clock = { millis: 0 };
  const line = progressLine({ write: (text) => written.push(text), now: () => clock.millis, columns: 80 });
  return { written, clock, line };
}

test("short work shows nothing and leaves nothing", () => {
  const { written, clock, line } = fakeTerminal();
  line.update("reading", 0, 10);
  clock.millis = 400;
  line.update("reading", 9, 10);
  line.clear();
  expect(written).toEqual([]);
});

test("longer work shows its phase, how far it is and an estimate, then takes the line away", () => {
  const { written, clock, line } = fakeTerminal();
  line.update("reading", 0, 100);
  clock.millis = 2_000;
  line.update("reading", 25, 100);
  line.clear();
  expect(written).toEqual([
    "\rreading            ██████░░░░░░░░░░░░░░░░░░  25 %  about 6 s left\u001b[K\r",
    "\r\u001b[K",
  ]);
});

test("the line changes at most ten times a second", () => {
  const { written, clock, line } = fakeTerminal();
  for (clock.millis = 0; clock.millis < 2_000; clock.millis++) line.update("reading", clock.millis, 2_000);
  expect(written.length).toBeLessThanOrEqual(16);
  expect(written.length).toBeGreaterThan(10);
});
