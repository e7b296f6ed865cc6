import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCgroup } from "../../src/host/cgroup.ts";
import { below, drawFiles, statLine } from "./drawn-files.ts";
import { cgroupOf, group2, groupOf, mebibyte, mount } from "./drawn-groups.ts";

const { signal } = new AbortController();

describe("version 2", () => {
  test("a container with its own cgroup namespace reads its own group", async () => {
    const group = group2({
      "memory.max": `${512 * mebibyte}\n`,
      "memory.high": `${500 * mebibyte}\n`,
      "cpu.max": "150000 100000\n",
      "cpu.pressure": "some avg10=0 total=1000000\nfull avg10=0 total=500000\n",
      "memory.pressure": "some avg10=0 total=0\nfull avg10=0 total=0\n",
    });
    expect(
      await groupOf({ "proc/7/cgroup": "0::/\n", "proc/self/mountinfo": mount("/"), ...below("sys/fs/cgroup", group) }),
    ).toEqual({
      version: 2,
      path: "/",
      memory: {
        limitBytes: 512 * mebibyte,
        headroomBytes: 212 * mebibyte,
        highBytes: 500 * mebibyte,
        usageBytes: 400 * mebibyte,
        workingSetBytes: 300 * mebibyte,
        anonymousBytes: 150 * mebibyte,
        fileBytes: 200 * mebibyte,
        kernelBytes: 20 * mebibyte,
        shmemBytes: 50 * mebibyte,
        swapBytes: 0,
        unreclaimableBytes: 212 * mebibyte,
        events: { low: 0, high: 3, max: 5, oom: 1, oom_kill: 1, oom_group_kill: 0 },
      },
      cpu: { limitCpus: 1.5, usageSeconds: 2.5, periods: 9, throttledPeriods: 4, throttledSeconds: 0.75 },
      pressure: {
        cpu: { someSeconds: 1, fullSeconds: 0.5 },
        memory: { someSeconds: 0, fullSeconds: 0 },
      },
    });
  });

  test("a systemd service is limited by the tightest slice around it, and has the room that is least", async () => {
    const value = await groupOf({
      "proc/7/cgroup": "0::/system.slice/kafka.service\n",
      "proc/self/mountinfo": mount("/"),
      ...below("sys/fs/cgroup", { "cgroup.procs": "", "cpu.stat": "usage_usec 99\n" }),
      ...below(
        "sys/fs/cgroup/system.slice",
        group2({
          "memory.max": `${600 * mebibyte}\n`,
          "memory.current": `${650 * mebibyte}\n`,
          "cpu.max": "200000 100000\n",
          "cpu.stat": "usage_usec 9000000\nnr_periods 100\nnr_throttled 50\nthrottled_usec 3000000\n",
        }),
      ),
      ...below("sys/fs/cgroup/system.slice/kafka.service", group2({ "memory.max": `${1024 * mebibyte}\n` })),
    });
    expect(value.memory).toMatchObject({ limitBytes: 600 * mebibyte, usageBytes: 400 * mebibyte });
    expect(value.memory?.headroomBytes).toBe(50 * mebibyte);
    expect(value.cpu).toEqual({
      limitCpus: 2,
      usageSeconds: 2.5,
      periods: 100,
      throttledPeriods: 50,
      throttledSeconds: 3,
    });
  });

  test("a process in the machine's root is in no container", async () => {
    const value = await groupOf({
      "proc/7/cgroup": "0::/\n",
      "proc/self/mountinfo": mount("/"),
      ...below("sys/fs/cgroup", {
        "cgroup.procs": "",
        "cpu.stat": "usage_usec 99\n",
        "cpu.pressure": "some total=1\n",
      }),
    });
    expect(value).toEqual({ version: 2, path: "/", memory: undefined, cpu: undefined, pressure: {} });
  });

  test("a group without the memory controller has no memory, and a kernel before 5.18 sums its own by parts", async () => {
    const files = (group: Readonly<Record<string, string>>) => ({
      "proc/7/cgroup": "0::/a\n",
      "proc/self/mountinfo": mount("/"),
      ...below("sys/fs/cgroup/a", group),
    });
    const bare = { "cgroup.procs": "", "cgroup.events": "", "cpu.stat": "usage_usec 1000000\n" };
    const without = await groupOf(files(bare));
    expect(without.memory).toBeUndefined();
    expect(without.cpu).toMatchObject({ limitCpus: undefined, usageSeconds: 1, periods: undefined });
    const old = await groupOf(
      files(group2({ "memory.stat": "anon 1000\nkernel_stack 10\nslab 200\nslab_reclaimable 150\nsock 5\n" })),
    );
    expect(old.memory).toMatchObject({ kernelBytes: 215, unreclaimableBytes: 1065 });
    expect(old.memory?.headroomBytes).toBeUndefined();
  });

  test("a group that shrank below its inactive pages has an empty working set", async () => {
    const group = group2({ "memory.current": "5\n", "memory.max": "3\n", "memory.stat": "inactive_file 9\n" });
    const files = { "proc/7/cgroup": "0::/\n", "proc/self/mountinfo": mount("/"), ...below("sys/fs/cgroup", group) };
    expect((await groupOf(files)).memory).toMatchObject({ workingSetBytes: 0, headroomBytes: 3 });
  });
});

describe("version 1", () => {
  const unlimited = "9223372036854771712\n";
  const stat1 = `cache 5\nrss 6\ntotal_cache 70\ntotal_rss 300\ntotal_shmem 20\ntotal_inactive_file 50\ntotal_swap 4\n`;
  const memory = (files: Readonly<Record<string, string>> = {}) => ({
    "cgroup.procs": "7\n",
    "memory.usage_in_bytes": "400\n",
    "memory.limit_in_bytes": unlimited,
    "memory.failcnt": "2\n",
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
    "memory.kmem.usage_in_bytes": "30\n",
    "memory.stat": `${stat1}hierarchical_memory_limit ${unlimited}`,
    ...files,
  });
  const docker = {
    "proc/7/cgroup": "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n1:name=systemd:/docker/abc\n",
    "proc/self/mountinfo": mount("/docker/abc", "memory") + mount("/docker/abc", "cpu,cpuacct"),
    ...below("sys/fs/cgroup/cpu,cpuacct", {
      "cgroup.procs": "7\n",
      "cpu.cfs_quota_us": "50000\n",
      "cpu.cfs_period_us": "100000\n",
      "cpu.stat": "nr_periods 10\nnr_throttled 3\nthrottled_time 1500000000\n",
      "cpuacct.usage": "2500000000\n",
    }),
  };

  test("a container reads its own group of each controller", async () => {
    expect(await groupOf({ ...docker, ...below("sys/fs/cgroup/memory", memory()) })).toEqual({
      version: 1,
      path: "/docker/abc",
      memory: {
        limitBytes: undefined,
        headroomBytes: undefined,
        highBytes: undefined,
        usageBytes: 400,
        workingSetBytes: 350,
        anonymousBytes: 300,
        fileBytes: 70,
        kernelBytes: 30,
        shmemBytes: 20,
        swapBytes: 4,
        unreclaimableBytes: 320,
        events: { max: 2, oom_kill: 1 },
      },
      cpu: { limitCpus: 0.5, usageSeconds: 2.5, periods: 10, throttledPeriods: 3, throttledSeconds: 1.5 },
      pressure: {},
    });
  });

  test("the limit of a group around it counts, also when that cannot be seen", async () => {
    const own = memory({
      "memory.limit_in_bytes": "900\n",
      "memory.stat": `${stat1}hierarchical_memory_limit 600\n`,
    });
    const value = await groupOf({ ...docker, ...below("sys/fs/cgroup/memory", own) });
    expect(value.memory).toMatchObject({ limitBytes: 600, headroomBytes: 250 });
  });

  test("a hybrid machine has each controller where it is, and pressure in the unified hierarchy", async () => {
    const value = await groupOf({
      "proc/7/cgroup": "4:memory:/a/b\n1:cpu:/\n0::/u\n",
      "proc/self/mountinfo":
        mount("/", "memory") + mount("/", "cpu") + mount("/", "", "/sys/fs/cgroup/unified") + mount("/", "freezer"),
      ...below("sys/fs/cgroup/cpu", { "cgroup.procs": "", "cgroup.sane_behavior": "", "cpu.cfs_quota_us": "-1\n" }),
      ...below("sys/fs/cgroup/memory/a/b", memory()),
      ...below("sys/fs/cgroup/memory/a", memory({ "memory.limit_in_bytes": "500\n" })),
      ...below("sys/fs/cgroup/unified/u", group2({ "io.pressure": "some total=2000000\nfull total=1000000\n" })),
    });
    expect(value).toMatchObject({ version: 1, path: "/a/b", cpu: undefined });
    expect(value.memory).toMatchObject({ limitBytes: 500, headroomBytes: 150 });
    expect(value.pressure).toEqual({ io: { someSeconds: 2, fullSeconds: 1 } });
  });
});

describe("no answer", () => {
  test("for a process that has ended, or whose pid is another's", async () => {
    expect(await cgroupOf({ "proc/8/cgroup": "" })).toMatchObject({ ok: false, code: "absent" });
    const top = drawFiles({ "proc/7/cgroup": "0::/\n", "proc/7/stat": statLine(7, 200) });
    const roots = { procRoot: join(top, "proc"), sysRoot: join(top, "sys"), startTicks: 100 };
    const answer = await readCgroup(7, roots, signal);
    expect(answer).toMatchObject({ ok: false, code: "absent", reason: expect.stringContaining("another's now") });
  });

  test("of a kernel without control groups, or of a text that is none", async () => {
    expect(await cgroupOf({ "proc/7/cgroup": "" })).toMatchObject({ ok: false, code: "absent" });
    expect(await cgroupOf({ "proc/7/cgroup": "what?" })).toMatchObject({ ok: false, code: "failed" });
  });

  test("when time is up", async () => {
    const files = { "proc/7/cgroup": "0::/\n", "proc/self/mountinfo": mount("/"), ...below("sys/fs/cgroup", group2()) };
    const top = drawFiles(files);
    const roots = { procRoot: join(top, "proc"), sysRoot: join(top, "sys") };
    expect(await readCgroup(7, roots, AbortSignal.abort())).toMatchObject({ ok: false, code: "timeout" });
  });
});

test("whatever the files of a group hold, the answer is of finite numbers", async () => {
  const names = Object.keys(group2());
  const odd = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.constantFrom(
      "max\n",
      "-1\n",
      "1e9\n",
      "anon 9\ninactive_file 99999999999999999999\n",
      "usage_usec 5\n",
      "18446744073709551615\n",
    ),
  );
  const files = fc.record(Object.fromEntries(names.map((name) => [name, odd])));
  await fc.assert(
    fc.asyncProperty(files, async (texts) => {
      const answer = await cgroupOf({
        "proc/7/cgroup": "0::/a\n",
        "proc/self/mountinfo": mount("/"),
        ...below("sys/fs/cgroup/a", texts),
      });
      const numbers = JSON.stringify(answer, (_, value) =>
        typeof value === "number" && !Number.isFinite(value) ? "odd" : value,
      );
      expect(answer.ok).toBe(true);
      expect(numbers).not.toContain("odd");
    }),
    { seed: 4, numRuns: 60 },
  );
});
