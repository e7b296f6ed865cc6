import { describe, expect, test } from "vitest";
import { containerCollector } from "../../collectors/container.ts";
import { hugePagesCollector } from "../../collectors/huge-pages.ts";
import { pressureCollector } from "../../collectors/pressure.ts";
import { processCollector } from "../../collectors/process.ts";
import { residentMemoryCollector } from "../../collectors/resident-memory.ts";
import { schedulingCollector } from "../../collectors/scheduling.ts";
import type { Cgroup } from "../../src/model/cgroup.ts";
import type { Collection, Collector } from "../../src/model/collector.ts";
import { fakeTarget, noAnswer, type Replies, takenAtMillis } from "./fake-target.ts";

const { signal } = new AbortController();
const collectors = [
  containerCollector,
  hugePagesCollector,
  pressureCollector,
  processCollector,
  residentMemoryCollector,
  schedulingCollector,
];

function collect(collector: Collector, replies: Replies): Promise<Collection> {
  return collector.collect(fakeTarget(replies), signal);
}

/** `name{label=value} = number`, in order. */
function linesOf({ samples }: Collection): readonly string[] {
  return samples.map(({ metric, value, labels }) => {
    const text = Object.entries(labels).map(([label, of]) => `${label}=${of}`);
    return `${metric.name}${text.length === 0 ? "" : `{${text.join(",")}}`} = ${value}`;
  });
}

const status = [
  "Name:\tjava",
  "Tgid:\t7",
  "VmSize:\t900 kB",
  "VmRSS:\t300 kB",
  "RssAnon:\t200 kB",
  "RssFile:\t70 kB",
  "RssShmem:\t30 kB",
  "VmSwap:\t5 kB",
  "Threads:\t35",
  "Cpus_allowed_list:\t0-3",
].join("\n");

const proc = {
  stat: `7 (java) S 1 1 1 0 -1 0 100 0 3 0 250 50 0 0 20 0 35 0 900 ${"0 ".repeat(30)}`,
  status,
  io: "rchar: 1\nwchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n",
  fd: "12",
  limits: "Max open files            1024                 4096                 files\n",
  oom_score: "667\n",
};

const cgroup: Cgroup = {
  version: 2,
  path: "/a",
  memory: {
    limitBytes: 1000,
    headroomBytes: 300,
    highBytes: undefined,
    usageBytes: 900,
    workingSetBytes: 700,
    anonymousBytes: 500,
    fileBytes: 300,
    kernelBytes: 50,
    shmemBytes: 20,
    swapBytes: 0,
    unreclaimableBytes: 560,
    events: { high: 0, oom_kill: 2 },
  },
  cpu: { limitCpus: 1.5, usageSeconds: 9, periods: 100, throttledPeriods: 40, throttledSeconds: 2.5 },
  pressure: { cpu: { someSeconds: 4, fullSeconds: 1 } },
};

describe("process", () => {
  const identity = { startedAtMillis: takenAtMillis - 90_500 };

  test("tells what the kernel counts", async () => {
    expect(linesOf(await collect(processCollector, { identity, proc, cgroup }))).toEqual([
      "process.cpu.time{cpu.mode=user} = 2.5",
      "process.cpu.time{cpu.mode=system} = 0.5",
      "jvm.cpu.time = 3",
      "process.paging.faults{system.paging.fault.type=minor} = 100",
      "process.paging.faults{system.paging.fault.type=major} = 3",
      "process.uptime = 90.5",
      "jvm.cpu.count = 2",
      "process.thread.count = 35",
      "process.disk.io{disk.io.direction=read} = 4096",
      "process.disk.io{disk.io.direction=write} = 8192",
      "process.unix.file_descriptor.count = 12",
      "jvm.file_descriptor.count = 12",
      "jvm.file_descriptor.limit = 1024",
      "jprof.process.oom.score = 667",
    ]);
  });

  test("what may not be read is missing, with the reason, and the rest is told", async () => {
    const { samples, missing } = await collect(processCollector, {
      identity,
      proc: { ...proc, io: noAnswer("may be read by root", "denied"), limits: "odd" },
    });
    expect(missing).toEqual([
      { metrics: ["process.disk.io"], reason: "may be read by root" },
      { metrics: ["jvm.file_descriptor.limit"], reason: expect.stringContaining("expected lines") },
    ]);
    expect(samples).toHaveLength(11);
  });

  test.each([
    ["the affinity, without a quota", { cpu: { ...cgroup.cpu!, limitCpus: undefined } }, [], 4],
    ["the quota rounded up", {}, [], 2],
    ["the affinity, when the quota is more", { cpu: { ...cgroup.cpu!, limitCpus: 7.5 } }, [], 4],
    ["the affinity, when the JVM ignores its container", {}, ["-XX:-UseContainerSupport"], 4],
    ["the last flag that says so", {}, ["-XX:ActiveProcessorCount=3", "-XX:ActiveProcessorCount=6"], 6],
  ])("CPUs are %s", async (_, change, flags, cpus) => {
    const replies = { identity: { ...identity, flags }, proc, cgroup: { ...cgroup, ...change } };
    expect(linesOf(await collect(processCollector, replies))).toContain(`jvm.cpu.count = ${cpus}`);
  });
});

test("resident memory is told by kind; a zombie has none", async () => {
  expect(linesOf(await collect(residentMemoryCollector, { proc }))).toEqual([
    "process.memory.usage = 307200",
    "process.memory.virtual = 921600",
    "jprof.process.memory.resident{jprof.memory.kind=anonymous} = 204800",
    "jprof.process.memory.resident{jprof.memory.kind=file} = 71680",
    "jprof.process.memory.resident{jprof.memory.kind=shmem} = 30720",
    "jprof.process.memory.swap = 5120",
  ]);
  const zombie = await collect(residentMemoryCollector, { proc: { status: "Name:\tjava\nTgid:\t7\n" } });
  expect(zombie).toMatchObject({ samples: [], missing: [{ reason: "the kernel does not tell it" }] });
});

test("what all threads did is told, without the delay where the kernel does not count it", async () => {
  const task = "voluntary_ctxt_switches: 70\nnonvoluntary_ctxt_switches: 30\n";
  expect(linesOf(await collect(schedulingCollector, { proc: { task: `${task}run_delay_seconds: 1.5\n` } }))).toEqual([
    "process.context_switches{process.context_switch.type=voluntary} = 70",
    "process.context_switches{process.context_switch.type=involuntary} = 30",
    "jprof.process.delay.time = 1.5",
  ]);
  const { missing } = await collect(schedulingCollector, { proc: { task } });
  expect(missing).toEqual([{ metrics: ["jprof.process.delay.time"], reason: "the kernel does not tell it" }]);
});

describe("huge pages", () => {
  const smaps_rollup = "Rss: 300 kB\nAnonHugePages: 2048 kB\nShmemPmdMapped: 0 kB\nFilePmdMapped: 0 kB\n";

  test("are counted by kind", async () => {
    expect(linesOf(await collect(hugePagesCollector, { proc: { ...proc, smaps_rollup } }))).toEqual([
      "jprof.process.memory.huge_pages{jprof.memory.kind=anonymous} = 2097152",
      "jprof.process.memory.huge_pages{jprof.memory.kind=shmem} = 0",
      "jprof.process.memory.huge_pages{jprof.memory.kind=file} = 0",
    ]);
  });

  test("of a process that is too big are not asked for", async () => {
    const target = fakeTarget({ proc: { status: "Name:\tjava\nTgid:\t7\nVmRSS:\t20000000 kB\n", smaps_rollup } });
    expect(await hugePagesCollector.collect(target, signal)).toMatchObject({ samples: [], missing: [{}] });
    expect(target.files).toEqual(["status"]);
  });
});

describe("container", () => {
  test("tells limits, use and how often it hit them", async () => {
    expect(linesOf(await collect(containerCollector, { cgroup }))).toEqual([
      "container.memory.usage = 900",
      "container.memory.working_set = 700",
      "container.memory.rss = 500",
      "jprof.container.memory.unreclaimable = 560",
      "jprof.container.memory.events{jprof.cgroup.event=high} = 0",
      "jprof.container.memory.events{jprof.cgroup.event=oom_kill} = 2",
      "container.memory.available = 300",
      "jprof.container.memory.limit = 1000",
      "jprof.container.memory.headroom = 300",
      "container.cpu.time = 9",
      "jprof.container.cpu.limit = 1.5",
      "jprof.container.cpu.periods = 100",
      "jprof.container.cpu.throttled.periods = 40",
      "jprof.container.cpu.throttled.time = 2.5",
    ]);
  });

  test("without limits tells its use, and says that there are none", async () => {
    const memory = { ...cgroup.memory!, limitBytes: undefined, headroomBytes: undefined };
    const collection = await collect(containerCollector, {
      cgroup: { ...cgroup, memory, cpu: { ...cgroup.cpu!, limitCpus: undefined } },
    });
    expect(linesOf(collection)).toHaveLength(7);
    expect(collection.missing.map(({ reason }) => reason)).toEqual([
      "the control group has no memory limit",
      "the control group has no CPU quota",
    ]);
  });

  test("in the machine's root, or out of sight, tells nothing but why", async () => {
    const root = { version: 2, path: "/", memory: undefined, cpu: undefined, pressure: {} } as const;
    const { samples, missing } = await collect(containerCollector, { cgroup: root });
    expect(samples).toEqual([]);
    expect(new Set(missing.flatMap(({ metrics }) => metrics)).size).toBe(containerCollector.metrics.length);
    expect(await collect(containerCollector, { cgroup: noAnswer("out of sight", "denied") })).toMatchObject({
      samples: [],
      missing: [{ reason: "out of sight" }],
    });
  });
});

describe("pressure", () => {
  const host = {
    "/pressure/cpu": "some total=7000000\nfull total=0\n",
    "/pressure/io": "some total=3000000\nfull total=2000000\n",
  };

  test("of the container and of the host is told; all of a host's tasks cannot wait for a CPU", async () => {
    expect(linesOf(await collect(pressureCollector, { cgroup, proc: host }))).toEqual([
      "jprof.pressure.stall.time{jprof.pressure.resource=cpu,jprof.pressure.scope=some,jprof.pressure.of=container} = 4",
      "jprof.pressure.stall.time{jprof.pressure.resource=cpu,jprof.pressure.scope=full,jprof.pressure.of=container} = 1",
      "jprof.pressure.stall.time{jprof.pressure.resource=cpu,jprof.pressure.scope=some,jprof.pressure.of=host} = 7",
      "jprof.pressure.stall.time{jprof.pressure.resource=io,jprof.pressure.scope=some,jprof.pressure.of=host} = 3",
      "jprof.pressure.stall.time{jprof.pressure.resource=io,jprof.pressure.scope=full,jprof.pressure.of=host} = 2",
    ]);
  });

  test("of a kernel without it is missing, for each with its reason", async () => {
    const { samples, missing } = await collect(pressureCollector, { cgroup: { ...cgroup, pressure: {} } });
    expect(samples).toEqual([]);
    expect(missing.map(({ reason }) => reason.split(":")[0])).toEqual(["container", "host"]);
  });
});

describe.each(collectors.map((collector) => [collector.name, collector] as const))("%s", (_, collector) => {
  test("gives only what it declares, with the source and time of the answer", async () => {
    const { samples } = await collect(collector, { proc, cgroup });
    for (const { metric, labels, source, takenAtMillis: at } of samples) {
      expect(collector.metrics).toContain(metric);
      expect(metric.labels).toEqual(expect.arrayContaining(Object.keys(labels)));
      expect(["proc", "cgroup"]).toContain(source);
      expect(at).toBe(takenAtMillis);
    }
  });

  test("without any answer tells nothing, and why of each metric", async () => {
    const { samples, missing } = await collect(collector, {});
    expect(samples).toEqual([]);
    const told = new Set(missing.flatMap(({ metrics }) => metrics));
    expect([...told].sort()).toEqual(collector.metrics.map(({ name }) => name).sort());
  });
});
