import { describe, expect, test } from "vitest";
import type { JvmLook } from "../../src/cli/jvm-look.ts";
import { formatUptime, psText } from "../../src/cli/ps-text.ts";
import type { TargetIdentity } from "../../src/model/target.ts";

const identity: TargetIdentity = {
  pid: 4711,
  namespacePid: 1,
  startTicks: 1,
  startedAtMillis: 0,
  uid: 1000,
  gid: 1000,
  name: "kafka.Kafka",
  javaVersion: "25.0.3",
  javaMajor: 25,
  vmName: undefined,
  vmVendor: undefined,
  collector: "ZGC",
  generational: true,
  flags: [],
  containerId: undefined,
};
const gib = 2 ** 30;
const healthy: JvmLook = {
  kind: "hotspot",
  identity,
  obstacles: [],
  uptimeSeconds: 273_600,
  residentBytes: 9.6 * gib,
  heap: { usedBytes: 4 * gib, limitBytes: 8 * gib, afterGcBytes: 3.1 * gib },
  pauses: { count: 5472, totalSeconds: 2.1888 },
};
const nothing = { heap: undefined, pauses: undefined };
const obstacle = {
  code: "perf-shared-memory-disabled",
  tier: "perf-counters",
  detail: "the JVM runs with -XX:+PerfDisableSharedMem",
  fix: "remove it",
} as const;
const plain = (_style: string, text: string) => text;

describe("the list of JVMs", () => {
  test("has one line for each, and below it what cannot be seen", () => {
    const cassandra = {
      ...identity,
      pid: 4980,
      name: "org.apache.cassandra.service.CassandraDaemon",
      collector: "G1",
    } as const;
    const starting = { ...identity, pid: 6001, name: "Starting", javaVersion: undefined, collector: undefined };
    const full = { usedBytes: 1.9 * gib, limitBytes: 2 * gib, afterGcBytes: 1.85 * gib };
    const looks: readonly JvmLook[] = [
      healthy,
      { ...healthy, ...nothing, identity: cassandra, obstacles: [obstacle] },
      {
        ...healthy,
        identity: { ...identity, pid: 5000, name: "Full", collector: "Parallel" },
        heap: full,
        uptimeSeconds: 42,
      },
      { ...healthy, ...nothing, kind: "openj9", identity: { ...identity, pid: 5120 }, residentBytes: undefined },
      {
        ...healthy,
        identity: starting,
        obstacles: [obstacle],
        heap: { usedBytes: 1e6, limitBytes: undefined, afterGcBytes: undefined },
        pauses: { count: 0, totalSeconds: 0 },
      },
    ];
    expect(psText(looks, 130, plain)).toMatchInlineSnapshot(`
      " PID       UP  JVM     GC          HEAP after GC / max  GC PAUSE mean / s       RSS  WHAT
      4711  3 d 4 h  25.0.3  Z           3.10 GiB / 8.00 GiB      0.4 ms / 0.02  9.60 GiB  kafka.Kafka
      4980  3 d 4 h  25.0.3  G1                            –                  –  9.60 GiB  org.apache.cassandra.service.CassandraDaemon
            no perf counters: the JVM runs with -XX:+PerfDisableSharedMem
      5000     42 s  25.0.3  Parallel  ▲ 1.85 GiB / 2.00 GiB       0.4 ms / 130  9.60 GiB  Full
      5120  3 d 4 h  OpenJ9  ✗                             –                  –         –  kafka.Kafka
      6001  3 d 4 h  –       –                 ≤ 977 KiB / –               none  9.60 GiB  Starting
            no perf counters: perf-shared-memory-disabled, as 4980
      "
    `);
  });

  test("says so when there is none", () => {
    expect(psText([], 100, plain)).toBe("no JVM is to be seen here; jprof doctor tells what hides processes\n");
  });

  test("shows nothing that could move the cursor", () => {
    const evil = { ...healthy, identity: { ...identity, name: "\u001b[2JMain\n" } };
    expect(psText([evil], 120, plain)).toContain("\\u001b[2JMain\\u000a");
  });
});

test.each([
  [0.4, "0 s"],
  [42, "42 s"],
  [750, "12 min"],
  [3600, "1 h"],
  [3_900, "1 h 5 min"],
  [273_600, "3 d 4 h"],
])("%s seconds are %s", (seconds, text) => {
  expect(formatUptime(seconds)).toBe(text);
});
