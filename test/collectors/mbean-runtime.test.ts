import { expect, test } from "vitest";
import { mbeanRuntimeCollector } from "../../collectors/mbean-runtime.ts";
import { fakeTarget } from "./fake-target.ts";

const { signal } = new AbortController();
const system = "java.lang:type=OperatingSystem";
const memory = "java.lang:type=Memory";

async function collect(mbeans: Record<string, unknown>) {
  const { samples, missing } = await mbeanRuntimeCollector.collect(fakeTarget({ mbeans }), signal);
  return { values: Object.fromEntries(samples.map(({ metric, value }) => [metric.name, value])), missing };
}

test("the load of the machine is told as the JVM sees it, on JDK 14 and later as before", async () => {
  const pending = { ObjectPendingFinalizationCount: 4 };
  const values = {
    "jvm.system.cpu.utilization": 0.25,
    "jvm.system.cpu.load_1m": 0.5,
    "jprof.finalization.pending": 4,
  };
  expect(await collect({ [system]: { CpuLoad: 0.25, SystemLoadAverage: 0.5 }, [memory]: pending })).toEqual({
    values,
    missing: [],
  });
  expect(await collect({ [system]: { SystemCpuLoad: 0.25, SystemLoadAverage: 0.5 }, [memory]: pending })).toEqual({
    values,
    missing: [],
  });
});

test("what the JVM does not know (-1, NaN) is missing, with a reason", async () => {
  expect(await collect({ [system]: { CpuLoad: -1, SystemLoadAverage: null }, [memory]: {} })).toEqual({
    values: {},
    missing: [
      {
        metrics: ["jvm.system.cpu.utilization", "jvm.system.cpu.load_1m", "jprof.finalization.pending"],
        reason: "the JVM does not tell it here",
      },
    ],
  });
});

test("without MBeans, the reason is said for every metric", async () => {
  const { samples, missing } = await mbeanRuntimeCollector.collect(fakeTarget(), signal);
  expect(samples).toEqual([]);
  expect(missing).toMatchObject([{ reason: "no MBeans: the JVM has no Jolokia agent" }]);
});
