import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buffersCollector } from "../../collectors/buffers.ts";
import { memoryByMBeans } from "../../collectors/mbean-memory.ts";
import { threadCountsByMBeans } from "../../collectors/mbean-threads.ts";
import { startCassandra, writeRows } from "../../scripts/services/cassandra.ts";
import type { RunningService } from "../../scripts/services/java-service.ts";
import { numberIn } from "../../src/formats/jolokia/values.ts";
import { GcByMBeans, gcReads } from "../../src/jvm/mbeans/gc-by-mbeans.ts";
import { type MBeans, openMBeans } from "../../src/jvm/mbeans/open-mbeans.ts";
import { fakeTarget } from "../collectors/fake-target.ts";
import { jdksOf } from "../jdk.ts";
import { servicesHere } from "./services-here.ts";

const { runs, why } = servicesHere("cassandra", "jolokia");
const [jdk] = jdksOf(17);
const { signal } = new AbortController();

describe.runIf(runs && jdk !== undefined)(`a Cassandra node, which has no perf counters${why}`, () => {
  let cassandra: RunningService;
  let mbeans: MBeans;

  beforeAll(async () => {
    cassandra = await startCassandra({ jdk: jdk!, withJolokia: true });
    mbeans = openMBeans({ url: cassandra.jolokiaUrl!, deadlineMillis: 10_000 });
  }, 240_000);

  afterAll(async () => {
    mbeans?.close();
    await cassandra?.stop();
  }, 60_000);

  test("counts what is written to it, and tells its memory, threads, buffers and collections", async () => {
    const gc = new GcByMBeans();
    const look = async () => {
      const answers = await mbeans.read(gcReads, signal);
      return answers.ok ? gc.accept(answers.value) : answers;
    };
    await look();
    await writeRows(cassandra, 3_000, 20_000);
    const write = "org.apache.cassandra.metrics:type=ClientRequest,scope=Write,name=Latency";
    const answers = await mbeans.read([{ mbean: write, attributes: ["Count", "99thPercentile"] }], signal);
    const [latency] = answers.ok ? answers.value : [];
    expect(latency?.ok && numberIn(latency.value, "Count")).toBeGreaterThanOrEqual(3_000);
    const target = { ...fakeTarget(), mbeans: mbeans.read };
    expect(await memoryByMBeans(target, signal)).toMatchObject({ ok: true, value: { heap: { limit: 512 << 20 } } });
    expect(await threadCountsByMBeans(target, signal)).toMatchObject({ ok: true });
    expect((await buffersCollector.collect(target, signal)).missing).toEqual([]);
    const activity = await look();
    expect(activity.ok && activity.value.events.length).toBeGreaterThan(0);
    expect(activity.ok && activity.value.allocatedBytes).toBeGreaterThan(3_000 * 20_000);
  }, 240_000);
});
