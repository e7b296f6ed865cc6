import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCgroup } from "../../src/host/cgroup.ts";
import type { Cgroup } from "../../src/model/cgroup.ts";
import { below, drawFiles, statLine } from "./drawn-files.ts";

const { signal } = new AbortController();
const mebibyte = 2 ** 20;

/** Reads the groups of process 7 in a drawn machine. */
async function cgroupOf(files: Readonly<Record<string, string>>, pid = 7) {
  const top = drawFiles(files);
  return readCgroup(pid, { procRoot: join(top, "proc"), sysRoot: join(top, "sys") }, signal);
}

async function groupOf(files: Readonly<Record<string, string>>): Promise<Cgroup> {
  const answer = await cgroupOf(files);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

function mount(root: string, controllers = "", point = join("/sys/fs/cgroup", controllers)): string {
  const system = controllers === "" ? "cgroup2 cgroup2 rw,nsdelegate" : `cgroup cgroup rw,${controllers}`;
  return `31 23 0:28 ${root} ${point} rw,relatime shared:9 - ${system}\n`;
}

/** Version 2: what each group has; the given files replace these. */
function group2(files: Readonly<Record<string, string>> = {}) {
  return {
    "cgroup.procs": "7\n",
    "cgroup.events": "populated 1\n",
    "memory.current": `${400 * mebibyte}\n`,
    "memory.max": "max\n",
    "memory.high": "max\n",
    "memory.swap.current": "0\n",
    "memory.stat": stat2,
    "memory.events": "low 0\nhigh 3\nmax 5\noom 1\noom_kill 1\noom_group_kill 0\n",
    "cpu.max": "max 100000\n",
    "cpu.stat": "usage_usec 2500000\nuser_usec 2000000\nnr_periods 9\nnr_throttled 4\nthrottled_usec 750000\n",
    ...files,
  };
}

const stat2 = [
  `anon ${150 * mebibyte}`,
  `file ${200 * mebibyte}`,
  `kernel ${20 * mebibyte}`,
  `shmem ${50 * mebibyte}`,
  `inactive_file ${100 * mebibyte}`,
  `slab_reclaimable ${8 * mebibyte}`,
  "",
].join("\n");

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

describe("a sidecar", () => {
  const limited = group2({ "memory.max": `${512 * mebibyte}\n` });
  const sibling = { "proc/7/cgroup": "0::/../jvm\n", "proc/self/mountinfo": mount("/") };

  test("looks through the JVM's own root when its namespace shows only itself", async () => {
    const value = await groupOf({
      ...sibling,
      "proc/7/mountinfo": mount("/../jvm"),
      ...below("sys/fs/cgroup", group2({ "memory.max": "1\n" })),
      ...below("proc/7/root/sys/fs/cgroup", limited),
    });
    expect(value.memory?.limitBytes).toBe(512 * mebibyte);
  });

  test("that may not do so is told what to change", async () => {
    const answer = await cgroupOf({ ...sibling, ...below("sys/fs/cgroup", group2()) });
    expect(answer).toMatchObject({ ok: false, code: "denied" });
    expect(!answer.ok && answer.reason).toMatch(
      /control group \/\.\.\/jvm of process 7 .*CAP_SYS_PTRACE.*sys\/fs\/cgroup/,
    );
  });

  test("finds the group in the machine's tree, though its namespace hides the names in between", async () => {
    const host = (path: string) => `sys/fs/cgroup${path}`;
    const value = await groupOf({
      ...sibling,
      "proc/self/mountinfo": mount("/../../.."),
      ...below(host("/kubepods/pod1/jvm"), group2({ "cgroup.procs": "8\n77\n" })),
      ...below(host("/kubepods/pod2"), group2({ "memory.max": `${450 * mebibyte}\n`, "cgroup.procs": "" })),
      ...below(host("/kubepods/pod2/jvm"), limited),
    });
    expect(value.path).toBe("/../jvm");
    expect(value.memory).toMatchObject({ limitBytes: 450 * mebibyte, usageBytes: 400 * mebibyte });
  });

  test("prefers the mount that shows more groups around", async () => {
    const value = await groupOf({
      "proc/7/cgroup": "0::/../../pod/jvm\n",
      "proc/self/mountinfo": mount("/../../pod/jvm", "", "/narrow") + mount("/../..", "", "/sys/fs/wide"),
      ...below("sys/fs/wide/pod", group2({ "memory.max": "1000\n" })),
      ...below("sys/fs/wide/pod/jvm", limited),
    });
    expect(value.memory?.limitBytes).toBe(1000);
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
