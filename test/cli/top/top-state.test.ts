import { expect, test } from "vitest";
import { TopRecord } from "../../../src/cli/top/top-state.ts";
import { metricOf, sampleOf, targetOf } from "../../exporters/drawn-samples.ts";

const loaded = metricOf("jvm.class.loaded {class} counter");
const waiting = metricOf("jprof.process.delay.time s counter");

test("a counter that is read less often than the JVM is polled has the rate between its own readings", () => {
  const record = new TopRecord();
  const ratesAfter = (second: number, waitingSeconds: number, readAtSecond: number) => {
    const samples = [
      sampleOf(loaded, second * 10, {}, second * 1000),
      sampleOf(waiting, waitingSeconds, {}, readAtSecond * 1000),
    ];
    record.add(samples, [], second * 1000);
    const { rate } = record.state(targetOf(7));
    return [rate(loaded.name), rate(waiting.name)];
  };
  expect(ratesAfter(1, 5, 1)).toEqual([undefined, undefined]);
  expect(ratesAfter(2, 5, 1)).toEqual([10, undefined]);
  expect(ratesAfter(31, 35, 31)).toEqual([10, 1]);
  expect(ratesAfter(32, 35, 31)).toEqual([10, 1]);
});
