import { describe, expect, test } from "vitest";
import { below } from "./drawn-files.ts";
import { cgroupOf, group2, groupOf, mebibyte, mount } from "./drawn-groups.ts";

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
