import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffersCollector } from "../../collectors/buffers.ts";
import { memoryByMBeans } from "../../collectors/mbean-memory.ts";
import type { RunningService } from "../../scripts/services/java-service.ts";
import { produce, startKafka } from "../../scripts/services/kafka.ts";
import { numberIn } from "../../src/formats/jolokia/values.ts";
import { type MBeans, openMBeans } from "../../src/jvm/mbeans/open-mbeans.ts";
import { fakeTarget } from "../collectors/fake-target.ts";
import { jdksOf } from "../jdk.ts";
import { servicesHere } from "./services-here.ts";

const { runs, why } = servicesHere("kafka", "jolokia");
const [jdk] = jdksOf(17);
const { signal } = new AbortController();

describe.runIf(runs && jdk !== undefined)(`a Kafka broker${why}`, () => {
  let kafka: RunningService;
  let mbeans: MBeans;

  beforeAll(async () => {
    kafka = await startKafka({ jdk: jdk!, withJolokia: true });
    mbeans = openMBeans({ url: kafka.jolokiaUrl!, deadlineMillis: 10_000 });
  }, 240_000);

  afterAll(async () => {
    mbeans?.close();
    await kafka?.stop();
  }, 60_000);

  test("counts what is written to it, and tells its buffers and memory", async () => {
    const read = {
      mbean: "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec",
      attributes: ["Count", "RateUnit"],
    };
    const before = await mbeans.read([read], signal);
    await produce(kafka, jdk!, { records: 20_000, recordBytes: 500, recordsPerSecond: 10_000 });
    const after = await mbeans.read([read], signal);
    const bytes = [before, after].map((one) =>
      one.ok && one.value[0]?.ok ? numberIn(one.value[0].value, "Count") : 0,
    );
    expect(bytes[1]! - (bytes[0] ?? 0)).toBeGreaterThan(20_000 * 500);
    const target = { ...fakeTarget(), mbeans: mbeans.read };
    expect((await buffersCollector.collect(target, signal)).samples.length).toBeGreaterThanOrEqual(6);
    expect(await memoryByMBeans(target, signal)).toMatchObject({ ok: true, value: { heap: { limit: 512 << 20 } } });
    expect(mbeans.status()).toMatchObject({ state: "ok" });
  }, 120_000);
});
